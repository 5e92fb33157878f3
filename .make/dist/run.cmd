@echo off
rem Asks this machine what Windows answers, and cleans up after itself. READ-ME.txt says more.
rem     run.cmd                     asks what may be done
rem     run.cmd look                only looks: nothing is made that outlives a scenario, nothing listens for others
rem     run.cmd clean               plays everything but restarts, and takes away what it made
rem     run.cmd restarts            likewise, with scenarios that need restarts of this machine: run.cmd resume continues
rem     run.cmd resume              after the restart
rem     run.cmd give-up             instead of the restart: what waits for it is taken away
rem A second word, user or elevated, plays as one of the two only. Exit status: 0; 1 when a run broke off.
setlocal
cd /d "%~dp0"
set what=%1
set who=%2
set broke=0
if not exist result mkdir result

echo.
echo Reservoir asks Windows questions about port reservations that no documentation answers.
echo First it looks, and changes nothing:
echo.
agent.exe check scenarios --record result\user >check.txt
type check.txt
set elevated=no
for /f "tokens=1,2" %%a in (check.txt) do if "%%a %%b"=="elevation yes" set elevated=yes

if not "%what%"=="" goto chosen
echo.
echo   1  only look: nothing is made that outlives a scenario, and nothing listens where other machines can reach
echo   2  play everything and clean up: what is made is taken away, whatever happens
echo   3  the same, with scenarios that need restarts of this machine; you restart it yourself
echo   4  nothing
echo.
set answer=
set /p answer=What may be done? 1, 2, 3 or 4, and Enter: 
if "%answer%"=="1" set what=look
if "%answer%"=="2" set what=clean
if "%answer%"=="3" set what=restarts
if "%what%"=="" goto nothing

:chosen
set options=none
if "%what%"=="look" set options=--read-only --loopback-only
if "%what%"=="clean" set options=
if "%what%"=="restarts" set options=--restarts
if "%what%"=="resume" set options=
if "%what%"=="give-up" set options=
if "%options%"=="none" goto usage
set verb=run
if "%what%"=="resume" set verb=resume
if "%what%"=="give-up" set verb=abandon

rem As the user is. An elevated prompt is elevated from the beginning.
if "%elevated%"=="yes" goto as_administrator
if "%who%"=="elevated" goto as_administrator
if "%verb%"=="run" goto as_user
if not exist result\user\* goto ask_elevated
:as_user
echo.
echo Playing as you are, not elevated. A line for each scenario:
agent.exe %verb% scenarios --record result\user %options%
if errorlevel 2 set broke=1
:ask_elevated
if "%who%"=="user" goto show
if not "%1"=="" goto as_administrator
echo.
echo Persistent reservations and netsh's exclusions need an administrator. Windows will ask.
set answer=
set /p answer=Play those, too? y or n, and Enter: 
if /i not "%answer%"=="y" goto show

:as_administrator
echo.
echo Playing elevated, in a window of its own if this one is not:
if "%elevated%"=="yes" agent.exe %verb% scenarios --record result\admin --approximate %options%
if "%elevated%"=="no" start "Reservoir" /wait agent-require-administrator.exe %verb% scenarios --record result\admin --approximate %options%
if errorlevel 2 set broke=1

:show
echo.
echo What this machine answered that is not what the model allows:
echo.
if exist result\user reservoir.exe run scenarios --on host --host-trace result\user --quiet
if exist result\admin reservoir.exe run scenarios --on host --host-trace result\admin --quiet
reservoir.exe pack result reservoir-result.txt
if errorlevel 1 set broke=1
echo.
echo All of that is in one file, which can be read before it is sent:
echo   "%~dp0reservoir-result.txt"
if "%what%"=="restarts" echo If a scenario waits for a restart: restart this machine, then run.cmd resume; or run.cmd give-up.
goto end

:usage
echo run.cmd: %what% is none of look, clean, restarts, resume, give-up
set broke=1
goto end
:nothing
echo Nothing was played.
:end
rem Double-clicked, the window would close before anyone has read.
if "%1"=="" pause
exit /b %broke%
