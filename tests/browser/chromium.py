"""Where a Chromium browser lives on this machine: nothing is downloaded."""

import os
import shutil
from pathlib import Path

COMMANDS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)
USUAL_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
)


def find_chromium() -> str | None:
    """Return the path of Chrome, Chromium or Edge; `PROVMAP_CHROMIUM` overrides the search."""
    if chosen := os.environ.get("PROVMAP_CHROMIUM"):
        return chosen
    on_path = (shutil.which(command) for command in COMMANDS)
    usual = (place for place in map(os.path.expandvars, USUAL_PLACES) if Path(place).is_file())
    return next((path for path in (*on_path, *usual) if path), None)
