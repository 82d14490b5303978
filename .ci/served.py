"""A built zhurnal that runs while a client of others talks to it. See client."""

import contextlib
import os
import socket
import subprocess
import time
import urllib.request


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def run(binary, *arguments):
    """Runs it to its end; what it printed as NAME=VALUE."""
    done = subprocess.run([binary, *arguments], check=True, text=True, stdout=subprocess.PIPE)
    return dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)


@contextlib.contextmanager
def serving(binary, data, http, rpc, log=subprocess.DEVNULL, **more):
    """Serves until the block ends; `log` takes what it logs, `more` are variables of its environment."""
    arguments = [binary, "serve", "--data", data, "--http", f"127.0.0.1:{http}", "--grpc", f"127.0.0.1:{rpc}"]
    environment = {**os.environ, "ZHURNAL__SERVER__ADMIN": "", "ZHURNAL__SERVER__DRAIN_DELAY_MS": "0", **more}
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=log)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{http}/openapi.json", timeout=5).close()
                break
            assert process.poll() is None, "zhurnal has ended"
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)
