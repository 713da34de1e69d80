@echo off
rem Installs and builds what is missing or stale. Usage: bin\prepare.cmd [--dev]
setlocal
cd /d "%~dp0.."
if not defined MADANG_VENV set "MADANG_VENV=%CD%\.venv"
if exist "%MADANG_VENV%\Scripts\python.exe" (
  "%MADANG_VENV%\Scripts\python.exe" -S -m bin.lib.setup %*
  exit /b
)
if defined MADANG_PYTHON (
  "%MADANG_PYTHON%" -S -m bin.lib.setup %*
  exit /b
)
where py >nul 2>nul
if errorlevel 1 (
  python -S -m bin.lib.setup %*
) else (
  py -3 -S -m bin.lib.setup %*
)
exit /b
