@echo off
rem Installs and builds what is missing or stale. Usage: bin\prepare.cmd [--dev]
rem No blocks in parentheses here: cmd expands variables before it parses a block, and a path may have a parenthesis.
setlocal
cd /d "%~dp0.."
if not defined MADANG_VENV set "MADANG_VENV=%CD%\.venv"
if exist "%MADANG_VENV%\Scripts\python.exe" goto installed
if defined MADANG_PYTHON goto named
where py >nul 2>nul
if not errorlevel 1 goto launcher
where python >nul 2>nul
if errorlevel 1 goto missing
python -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 goto missing
python -S -m bin.lib.setup %*
exit /b

:installed
"%MADANG_VENV%\Scripts\python.exe" -S -m bin.lib.setup %*
exit /b

:named
"%MADANG_PYTHON%" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 goto missing
"%MADANG_PYTHON%" -S -m bin.lib.setup %*
exit /b

:launcher
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 goto missing
py -3 -S -m bin.lib.setup %*
exit /b

:missing
echo Madang needs Python 3.11 or newer; install it from python.org, or name it in MADANG_PYTHON. 1>&2
exit /b 1
