@echo off
rem Runs the tests, after installing what is missing. Usage: bin\test.cmd [pytest options]
setlocal
if not defined MADANG_VENV set "MADANG_VENV=%~dp0..\.venv"
call "%~dp0prepare.cmd" --dev || exit /b 1
cd /d "%~dp0.."
"%MADANG_VENV%\Scripts\python.exe" -m bin.lib.testing %*
exit /b
