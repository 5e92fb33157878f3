# as-user.ps1 FOLDER OUT: run.cmd as an ordinary user, who is made for it and is no administrator. Only on a machine that is thrown away.
param([string]$Folder, [string]$Out)
$ErrorActionPreference = 'Stop'
$password = [Guid]::NewGuid().ToString() + 'aA1!'
New-LocalUser -Name reservoir -Password (ConvertTo-SecureString $password -AsPlainText -Force) | Out-Null
$place = Join-Path $env:PUBLIC 'reservoir'
Copy-Item -Recurse $Folder $place
icacls $place /grant 'reservoir:(OI)(CI)M' | Out-Null
$credential = New-Object PSCredential('reservoir', (ConvertTo-SecureString $password -AsPlainText -Force))
$process = Start-Process cmd.exe -ArgumentList '/c', 'run.cmd clean user >said.txt 2>&1' -WorkingDirectory $place -Credential $credential -Wait -PassThru
Get-Content (Join-Path $place 'said.txt') -Tail 20
New-Item -ItemType Directory -Force (Join-Path $Out 'traces') | Out-Null
Copy-Item -Recurse (Join-Path $place 'result/user') (Join-Path $Out 'traces/user')
Remove-LocalUser -Name reservoir
exit $process.ExitCode
