@echo off
rem as-user.cmd: run.cmd of this folder, unattended, without an administrator. What it says is in said.txt, its exit status in status.txt.
cd /d "%~dp0"
cmd /c run.cmd clean user >said.txt 2>&1 <nul
rem "echo 0>file" would be a redirection of handle 0.
>status.txt echo %errorlevel%
exit /b 0
