"""`thudo up`: everything under one supervisor, until Ctrl-C."""

import argparse
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from thudo.base import keeper
from thudo.base.keeper import locks
from thudo.base.keeper.accounts import child_setup
from thudo.base.keeper.place import KeeperError, run_dir, short_dir
from thudo.base.supervisor import Supervisor
from thudo.base.supervisor.probes import free_port
from thudo.base.supervisor.supervisor import NotReady
from thudo.cli import ROOT, front, place, prepared, progress, watching
from thudo.cli.processes import Address, specs

_KEEPER_CHECK_SECONDS = 2.0


def run(args: argparse.Namespace) -> int:
    """Start everything, say where it is, watch it, stop it cleanly."""
    progress.begin()
    # SIGINT too: a shell starts background jobs with it ignored, and then Python sets no handler.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    run_folder = run_dir(args.data)
    os.umask(0o077)  # what people send and what is logged about them is nobody else's to read
    lock = locks.open_lock(run_folder / "up")
    if not locks.take(lock, locks.EXCLUSIVE):
        return _already_running(run_folder)
    (run_folder / "up.json").unlink(missing_ok=True)
    address = _address(args)
    with ExitStack() as stack:
        share = _database(args, stack)
        _set_environment(args, address)
        _prepare(args)
        supervisor = _supervisor(args, address)
        stack.callback(_stop, supervisor)
        try:
            supervisor.start()
        except NotReady as error:
            raise KeeperError(str(error)) from error
        _greet(args, address, run_folder)
        ticks = [_ticks(share)]
        if args.dev:
            ticks.append(watching.restarts(supervisor))
        supervisor.run(ticks)
    return 0


def _already_running(run_folder: Path) -> int:
    state = run_folder / "up.json"
    if state.exists():
        found = json.loads(state.read_text("utf-8"))
        print(f"It already runs at {found['address']} (process {found['pid']}).")
    else:
        print("It is just being started by another process.")
    return 0


def _address(args: argparse.Namespace) -> Address:
    address = Address(args.host, args.port, tls=args.tls)
    if not free_port(address.host, address.port):
        nearby = range(address.port + 1, address.port + 100)
        other = next((port for port in nearby if free_port(address.host, port)), None)
        raise KeeperError(
            f"Port {address.port} is taken by another program. "
            f"Stop that program, or start with --port {other}."
        )
    return address


def _database(args: argparse.Namespace, stack: ExitStack) -> keeper.Hold | None:
    """The embedded server, held for as long as we run; None with a DATABASE_URL."""
    place.enter_folders(args.data, args.city)
    if "DATABASE_URL" in os.environ:
        keeper.check_fit(os.environ["DATABASE_URL"])
        progress.say("PostgreSQL of DATABASE_URL answers")
        return None
    share = keeper.hold(args.data)
    stack.callback(progress.say, "PostgreSQL has stopped")
    stack.callback(share.close)
    keeper.check_fit(share.url)
    os.environ["DATABASE_URL"] = share.url
    progress.say(f"embedded PostgreSQL runs in {args.data}")
    return share


def _set_environment(args: argparse.Namespace, address: Address) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    os.environ.setdefault("THUDO_PUBLIC_URL", address.url)
    os.environ.setdefault("THUDO_HOSTS", ",".join(_names(address)))
    if not args.empty:
        os.environ.setdefault("THUDO_DEMO", "1")
    if args.dev:
        os.environ.setdefault("THUDO_DEBUG", "1")


def _names(address: Address) -> list[str]:
    """Names under which pages may be asked for; all of this machine's when it listens on all."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if address.local != address.host:
        host = socket.gethostname()
        names += [host, *{str(found[4][0]) for found in socket.getaddrinfo(host, None)}]
    elif address.host not in names:
        names.append(address.host)
    return names


def _prepare(args: argparse.Namespace) -> None:
    """In a process of its own, so that the supervisor stays small."""
    if prepared.is_done(args, os.environ["DATABASE_URL"]):
        progress.say(f"tables and the city pack {args.city.name} are up to date")
        return
    command = [sys.executable, "-m", "thudo", "prepare", "--data", str(args.data)]
    command += ["--pack", str(args.city), *(["--empty"] if args.empty else [])]
    with subprocess.Popen(
        command, start_new_session=True, preexec_fn=child_setup(None, signal.SIGTERM)
    ) as process:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.terminate()
            raise
    if status:
        raise KeeperError("The database could not be prepared; the reason stands above.")
    prepared.note(args, os.environ["DATABASE_URL"])


def _supervisor(args: argparse.Namespace, address: Address) -> Supervisor:
    folder = args.data.resolve()
    sockets = short_dir(folder / "run")
    caddyfile = folder / "run" / "Caddyfile"
    caddyfile.write_text(
        front.configuration(
            host=address.host,
            port=address.port,
            web=sockets / "web.sock",
            live=sockets / "live.sock",
            static=ROOT / "build" / "static",
            folder=folder,
            names=_names(address) if address.tls else (),
        ),
        "utf-8",
    )
    return Supervisor(specs(address, sockets, caddyfile), folder / "log", progress.say)


def _stop(supervisor: Supervisor) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    print()
    progress.say("stopping")
    supervisor.stop()
    progress.say("pages, streams and background work have stopped")


def _greet(args: argparse.Namespace, address: Address, run_folder: Path) -> None:
    progress.say("pages, streams and background work are up")
    state = {"address": address.url, "pid": os.getpid()}
    (run_folder / "up.json").write_text(json.dumps(state), "utf-8")
    print(f"\n  {address.url}\n")
    if address.tls:
        print(f"  Phones must trust this certificate first: {front.authority(args.data)}\n")
    if not args.empty:
        print(_sign_ins(args.city))
    print(f"  Logs: {args.data}/log    Stop: Ctrl-C", flush=True)


def _sign_ins(city: Path) -> str:
    """The invented people of the pack, who they are and their password, which is public."""
    path = city / "demo_people.toml"
    if not path.exists():
        return ""
    found = tomllib.loads(path.read_text("utf-8"))
    people = found["people"]
    width = max(len(person["user"]) for person in people)
    lines = [f"  {person['user']:{width}}  {', '.join(person['posts'])}" for person in people]
    heading = f"  Sign in at /sign-in with password {found['password']} (invented people):"
    return "\n".join([heading, *lines, ""])


def _ticks(share: keeper.Hold | None) -> Callable[[], None]:
    """What is looked at between two looks at the children: is the database's keeper there?"""
    next_look = time.monotonic()

    def tick() -> None:
        nonlocal next_look
        if share is None or time.monotonic() < next_look:
            return
        next_look = time.monotonic() + _KEEPER_CHECK_SECONDS
        if not share.is_alive():
            progress.say("the database's keeper is gone; starting it again")
            share.ensure()
            progress.say("the database is back")

    return tick
