@echo off
chcp 65001 >nul
rem hotline-tools: install.bat [folder], without internet
setlocal
set "here=%~dp0"
set "place=%~1"
if "%place%"=="" set "place=%CD%\hotline"
set "python="
for %%v in (3.13 3.12 3.11) do if not defined python if exist "%here%requirements-%%v.txt" py -%%v -c "" 2>nul && set "python=py -%%v" && set "version=%%v"
if not defined python (
    echo 没有找到合用的 Python。请先安装与 requirements-*.txt 同版本的 64 位 Python。
    exit /b 1
)
%python% -m venv "%place%" || exit /b 1
"%place%\Scripts\python.exe" -m pip install -q --no-index --find-links "%here%wheels" -r "%here%requirements-%version%.txt" hotline-tools || exit /b 1
echo 已装好。试一试："%place%\Scripts\hotline.exe" demo 演示
