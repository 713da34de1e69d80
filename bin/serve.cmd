@echo off
rem Starts Madang on this machine; sets itself up first. Usage: bin\serve.cmd [--host H] [--port P] [--workers N]
setlocal
rem Python keeps what it has compiled: to compile all of Madang anew takes half a second a start.
set PYTHONDONTWRITEBYTECODE=
if not defined MADANG_VENV set "MADANG_VENV=%~dp0..\.venv"
call "%~dp0prepare.cmd" || exit /b 1
cd /d "%~dp0.."
"%MADANG_VENV%\Scripts\madang.exe" serve %*
exit /b
