# as-user.ps1 FOLDER OUT: run.cmd as an ordinary user, who is made for it and is no administrator. Only on a machine that is thrown away.
# In Windows PowerShell: of PowerShell 7 several versions have a New-LocalUser that fails (PowerShell/PowerShell#18624, #21645).
# What need not be PowerShell is in as-user.cmd.
param([string]$Folder, [string]$Out)
$ErrorActionPreference = 'Stop'
if (-not (Test-Path -PathType Container $Folder)) { throw "as-user: there is no folder $Folder" }
$password = ConvertTo-SecureString ([Guid]::NewGuid().ToString() + 'aA1!') -AsPlainText -Force
New-LocalUser -Name reservoir -Password $password | Out-Null
# A user in no group may not log on. The group has another name in each language.
Add-LocalGroupMember -SID 'S-1-5-32-545' -Member reservoir
$place = Join-Path $env:PUBLIC 'reservoir'
Copy-Item -Recurse $Folder $place
Copy-Item (Join-Path $PSScriptRoot 'as-user.cmd') $place
icacls $place /grant 'reservoir:(OI)(CI)M' | Out-Null
$credential = New-Object PSCredential('reservoir', $password)
$process = Start-Process cmd.exe -ArgumentList '/c', 'as-user.cmd' -WorkingDirectory $place -Credential $credential -LoadUserProfile -PassThru
# Waits for it alone: -Wait would wait for whatever it started, too.
if (-not $process.WaitForExit(20 * 60 * 1000)) { $process.Kill(); throw 'as-user: run.cmd has not ended within 20 minutes' }
New-Item -ItemType Directory -Force (Join-Path $Out 'traces') | Out-Null
Copy-Item (Join-Path $place 'said.txt') $Out
Get-Content (Join-Path $place 'said.txt') -Tail 20
Copy-Item -Recurse (Join-Path $place 'result/user') (Join-Path $Out 'traces/user')
Remove-LocalUser -Name reservoir
# From the file: of another user's process ExitCode may be empty, and that would count as 0.
exit [int](Get-Content (Join-Path $place 'status.txt'))
