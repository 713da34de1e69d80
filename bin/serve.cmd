@echo off
rem Starts Madang on this machine, after installing what is missing. Usage: bin\serve.cmd [--host H] [--port P] [--workers N] [--reload]
setlocal
rem Python must write compiled modules: compiling all of them takes half a second per start.
set PYTHONDONTWRITEBYTECODE=
if not defined MADANG_VENV set "MADANG_VENV=%~dp0..\.venv"
call "%~dp0prepare.cmd" || exit /b 1
cd /d "%~dp0.."
"%MADANG_VENV%\Scripts\madang.exe" serve %*
exit /b
