# Cài Một Cửa trên Windows 10, 11: tìm hoặc cài Python cho cả máy rồi giao cho install.py.
# Mở PowerShell bằng «Run as administrator», trong thư mục chương trình:
#   powershell -ExecutionPolicy Bypass -File deploy\install.ps1
#Requires -RunAsAdministrator
function Find-Python {
    $all = Get-ChildItem "$env:ProgramFiles\Python3*\python.exe" -ErrorAction SilentlyContinue
    $all | Where-Object { & $_.FullName -c "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"; $LASTEXITCODE -eq 0 } |
        Select-Object -Last 1 -ExpandProperty FullName
}
$python = Find-Python
if (-not $python) {
    winget install --exact --id Python.Python.3.12 --scope machine --silent --accept-package-agreements --accept-source-agreements
    $python = Find-Python
}
if (-not $python) {
    Write-Host 'Chưa có Python. Tải bản 64-bit ở python.org, chọn "Install for all users", rồi chạy lại lệnh này.'
    exit 1
}
& $python "$PSScriptRoot\install.py" @args
exit $LASTEXITCODE
