#!/usr/bin/env python3
"""Every task of a developer, on a machine that has only Python 3.11+ and git.

    python3 dev.py COMMAND [ARGUMENTS]

Commands make .venv first if it is missing or out of date. Only the standard library is used
here, and only syntax that old Pythons can read: a too old one must get an answer, not a
SyntaxError.
"""

import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "setup.stamp"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")
AUDIT = VENV / "audit"  # pip-audit has an environment of its own: it brings thirty packages
WHEEL_TEST = "tests/e2e/test_wheel.py"
# The whole suite on several processors: each test has files, ports and processes of its own.
PARALLEL = ["-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]

HELP = """usage: python3 dev.py COMMAND [ARGUMENTS]

  demo               follow a replayed story: polls, versions, diffs, signed webhooks
  test [ARGUMENTS]   run the tests; arguments go to pytest. Without any, all of them run, on as
                     many processors as there are, four at the most
  check              what CI runs: ruff, mypy, import-linter, pip-audit (where the network allows),
                     the wheel, the tests
        --without-tests    only the static checks
  bench NAME [ARGS]  run bench/NAME.py; without NAME, list what there is
  setup              make .venv, or bring it up to date (the others do this first)
  lock [--upgrade]   write requirements/*.txt anew from pyproject.toml (needs the network)
  help               this text
"""

OFFLINE = re.compile(
    r"NameResolutionError|NewConnectionError|ConnectTimeout|ConnectionError|ProxyError|"
    r"Failed to establish a new connection|Temporary failure in name resolution|"
    r"Network is unreachable|Could not find a version that satisfies"
)


class Problem(Exception):
    """Something stands in the way; the text says what and what to do."""


def main(arguments):
    """Run one command; gives the exit status: 0 fine, 1 failed, 2 wrong use."""
    try:
        name = arguments[0] if arguments else "help"
        if name in ("help", "-h", "--help"):
            sys.stdout.write(HELP)
            return 0
        if name not in COMMANDS:
            sys.stderr.write("dev.py: there is no command %r\n\n%s" % (name, HELP))
            return 2
        require_python(sys.version_info, name)
        return COMMANDS[name](arguments[1:])
    except Problem as problem:
        sys.stderr.write("dev.py: %s\n" % problem)
        return 1
    except KeyboardInterrupt:
        return 130


# -- the environment ---------------------------------------------------------------------------


def require_python(version, command):
    """Raise Problem unless this Python is new enough and can make virtual environments."""
    if tuple(version[:2]) < OLDEST:
        found = next((name for name in NEWER_PYTHONS if shutil.which(name)), None)
        remedy = "run: %s dev.py %s" % (found or "python3.12", command)
        remedy = remedy if found else "install one, then " + remedy
        raise Problem(
            "Python 3.11 or newer is needed and this is %d.%d (%s); %s"
            % (version[0], version[1], sys.executable, remedy)
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing and not is_ready():
        raise Problem(
            "this Python (%s) comes without %s, so .venv cannot be made; install it "
            "(Debian, Ubuntu: sudo apt install python%d.%d-venv), then run this again"
            % (sys.executable, " and ".join(missing), version[0], version[1])
        )


def venv_python():
    """The path of the environment's own Python."""
    return VENV / "bin" / "python"


def stamps():
    """What .venv was made from: (the packages and Python and place, the project file)."""
    base = hashlib.sha256()
    base.update(("%s %s %s %s" % (*sys.version_info[:2], platform.machine(), ROOT)).encode())
    base.update((REQUIREMENTS / "dev.txt").read_bytes())
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes())
    return base.hexdigest(), project.hexdigest()


def stamped():
    """What the stamp in .venv says, or nothing if it was never finished."""
    try:
        found = STAMP.read_text().split()
    except OSError:
        return None
    return tuple(found) if venv_python().exists() else None


def is_ready():
    """True if .venv is complete and up to date."""
    return stamped() == stamps()


def set_up():
    """Make .venv, or what is missing of it. Two that start at once take turns."""
    if is_ready():
        return
    import fcntl

    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, found = stamps(), stamped()
        if found == wanted:
            return
        if found is None or found[0] != wanted[0]:
            make_environment()
        STAMP.unlink(missing_ok=True)
        pip("install the project", "--no-index", "--no-deps", "--no-build-isolation", "-e", ROOT)
        STAMP.write_text("%s\n%s\n" % wanted)


def make_environment():
    """Make .venv anew with every pinned package, whatever was there before."""
    say("setting up .venv with the pinned packages; this is done once and takes about a minute")
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    # A venv's own Python would vanish with the venv it remakes.
    python = getattr(sys, "_base_executable", None) or sys.executable
    made = heard([python, "-m", "venv", VENV])
    if made.returncode:
        raise Problem(
            "python -m venv failed: %s\nOn Debian and Ubuntu: sudo apt install python%d.%d-venv"
            % (tail(made.stdout, 5), *sys.version_info[:2])
        )
    locked = REQUIREMENTS / "dev.txt"
    pip("install the packages", "--require-hashes", "--only-binary", ":all:", "-r", locked)


def pip(what, *arguments):
    """Run pip install in .venv; raise Problem with its last lines if it fails."""
    command = [venv_python(), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", *arguments]
    done = heard(command)
    if done.returncode:
        remedy = (
            "The package index did not answer, or has nothing for this machine: check the network "
            "(or the proxy settings, or pip's own configuration), then run this again."
            if OFFLINE.search(done.stdout)
            else "Run this again; if it fails again, the lines above say why."
        )
        raise Problem("pip could not %s:\n%s\n%s" % (what, tail(done.stdout, 12), remedy))


def heard(command):
    """Run a program at the root of the repository; what it says is kept, in one stream."""
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=str(ROOT),
    )


def seen(command):
    """Run a program that speaks for itself; gives its exit status."""
    return subprocess.run([str(part) for part in command], check=False, cwd=str(ROOT)).returncode


def tail(text, lines):
    """The last lines of an output, without empty ones."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


def say(text):
    """One line of progress, apart from the output of the command."""
    sys.stderr.write("dev.py: %s\n" % text)
    sys.stderr.flush()


# -- the commands ------------------------------------------------------------------------------


def setup(arguments):
    """Make or update .venv."""
    set_up()
    say("ready: .venv/bin/watcher")
    return 0


def test(arguments):
    """Become pytest; for the whole suite one of several processes."""
    set_up()
    return become("-m", "pytest", *(arguments or PARALLEL))


def demo(arguments):
    """Become the demo."""
    set_up()
    return become("bench/demo.py", *arguments)


def bench(arguments):
    """Become one of the benchmarks."""
    names = sorted(p.stem for p in (ROOT / "bench").glob("*.py") if not p.stem.startswith("_"))
    if not arguments or arguments[0] not in names:
        sys.stderr.write(
            "usage: python3 dev.py bench NAME [ARGUMENTS]\nNAME: %s\n" % " ".join(names)
        )
        return 2
    set_up()
    return become("bench/%s.py" % arguments[0], *arguments[1:])


def become(*arguments):
    """Replace this process by the environment's Python, at the root of the repository."""
    sys.stdout.flush()
    sys.stderr.flush()
    os.chdir(ROOT)
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    )
    python = str(venv_python())
    os.execv(python, [python, *arguments])


def check(arguments):
    """Run every check, one line each; what the first failed one said comes last."""
    if arguments not in ([], ["--without-tests"]):
        sys.stderr.write("usage: python3 dev.py check [--without-tests]\n")
        return 2
    set_up()
    steps = [
        ("ruff check", ["ruff", "check", "."]),
        ("ruff format", ["ruff", "format", "--check", "."]),
        ("mypy --strict", ["mypy"]),
        ("import-linter", ["importlinter"]),
    ]
    if not arguments:
        steps.append(("wheel", ["pytest", WHEEL_TEST]))
        steps.append(("tests", ["pytest", *PARALLEL, "--ignore", WHEEL_TEST]))
    failures = [failure for failure in (run_step(*step) for step in steps[:4]) if failure]
    failures += [failure for failure in (run_audit(),) if failure]
    failures += [failure for failure in (run_step(*step) for step in steps[4:]) if failure]
    if failures:
        sys.stdout.write("\n%s\n" % failures[0])
    sys.stdout.write("%d of %d checks failed\n" % (len(failures), len(steps) + 1))
    return 1 if failures else 0


def run_step(name, module):
    """Run one check; gives "" or, where it failed, everything it said under its name."""
    start = time.monotonic()
    done = heard(step_command(module))
    report(name, "FAILED" if done.returncode else "ok", start, tail(done.stdout, 1))
    return "---- %s ----\n%s" % (name, done.stdout) if done.returncode else ""


def report(name, verdict, start, told):
    """The line of a check that began at `start`."""
    sys.stdout.write("%-14s %-6s %6.1f s  %s\n" % (name, verdict, time.monotonic() - start, told))
    sys.stdout.flush()


def run_audit():
    """Ask which pinned packages have known vulnerabilities; gives "" or what was found.

    Without the network nothing is known: that is said, and is no failure.
    """
    start = time.monotonic()
    found = AUDIT / "found.json"
    why = make_auditor()
    if not why:
        found.unlink(missing_ok=True)
        command = [AUDIT / "bin" / "python", "-m", "pip_audit", "--disable-pip", "--require-hashes"]
        command += ["--progress-spinner", "off", "--timeout", "10", "--format", "json"]
        done = heard([*command, "-o", found, "-r", REQUIREMENTS / "dev.txt"])
        if not found.exists():
            why = "the advisory database did not answer: %s" % tail(done.stdout, 1)
    if why:
        report("pip-audit", "NOT DONE", start, why[:200])
        return ""
    asked = json.loads(found.read_text())["dependencies"]
    # A mirror may not have the database: pip-audit itself then says that all is well.
    unknown = [each["name"] for each in asked if "skip_reason" in each]
    faults = [
        "%s %s: %s" % (each["name"], each["version"], ", ".join(v["id"] for v in each["vulns"]))
        for each in asked
        if each.get("vulns")
    ]
    told = "%d packages, %d with known vulnerabilities" % (len(asked) - len(unknown), len(faults))
    if unknown:
        told += "; %d NOT AUDITED, unknown to the database" % len(unknown)
    nothing = "NOT DONE" if len(unknown) == len(asked) else "ok"
    report("pip-audit", "FAILED" if faults else nothing, start, told)
    return "---- pip-audit ----\n%s\n" % "\n".join(faults) if faults else ""


def make_auditor():
    """Make the environment of pip-audit where it is missing or old; gives why it cannot be."""
    locked, stamp = REQUIREMENTS / "audit.txt", AUDIT / "setup.stamp"
    wanted = hashlib.sha256(locked.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return ""
    install = [AUDIT / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-input"]
    install += ["--disable-pip-version-check", "--retries=1", "--timeout=10"]
    install += ["--require-hashes", "--only-binary", ":all:", "-r", locked]
    for command in ([venv_python(), "-m", "venv", "--clear", AUDIT], install):
        done = heard(command)
        if done.returncode:
            return "pip-audit could not be installed: %s" % tail(done.stdout, 1)
    stamp.write_text(wanted)
    return ""


def step_command(module):
    """The command line of a check; import-linter has no `python -m` of its own."""
    if module[0] == "importlinter":
        return [VENV / "bin" / "lint-imports", "--no-cache"]
    return [venv_python(), "-m", *module]


def lock(arguments):
    """Resolve pyproject.toml for every supported Python and write the requirement files."""
    if arguments not in ([], ["--upgrade"]):
        sys.stderr.write("usage: python3 dev.py lock [--upgrade]\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        tools = Path(folder, "tools")
        for command in (
            [sys.executable, "-m", "venv", tools],
            [tools / "bin" / "python", "-m", "pip", "install", "--quiet", "uv"],
        ):
            if seen(command):
                raise Problem("uv could not be installed into a temporary environment; see above")
        runtime = resolve(tools, folder, "runtime.txt", arguments)
        resolve(tools, folder, "dev.txt", ["--group", "dev", "-c", str(runtime), *arguments])
        resolve(tools, folder, "audit.txt", ["--group", "audit", *arguments], project=())
    say("wrote runtime.txt, dev.txt and audit.txt in requirements")
    return 0


def resolve(tools, folder, name, options, project=("pyproject.toml",)):
    """Write one requirement file; gives its path. Nothing in it may name a host."""
    target, draft = REQUIREMENTS / name, Path(folder, name)
    if target.exists():
        shutil.copyfile(target, draft)  # uv keeps the pins it finds, unless told to upgrade
    command = [tools / "bin" / "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "%d.%d" % OLDEST, "--generate-hashes", "--no-header"]
    command += ["--no-annotate", "--no-emit-index-url", "--only-binary", ":all:", "--no-config"]
    command += [*options, "-o", draft, *project]
    if seen(command):
        raise Problem("uv found no set of versions for %s; see above" % name)
    text = draft.read_text()
    if re.search(r"://|^\s*-(-(index|extra|find|trusted)|[if] )", text, re.MULTILINE):
        raise Problem("%s would name a host or an index; it was not written" % name)
    target.write_text("# Written by `python3 dev.py lock`. Do not edit.\n" + text)
    return target


COMMANDS = {
    "setup": setup,
    "demo": demo,
    "test": test,
    "check": check,
    "bench": bench,
    "lock": lock,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
