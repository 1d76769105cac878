"""The daemon under which applications are measured: started, ended in all ways, and started anew."""

import os
import shlex
import signal
import socket
import subprocess
import time

START_S = 60


def gbpf(*words):
    return subprocess.run(["gbpf", *words], capture_output=True, text=True)


class Daemon:
    """A daemon for applications at $GBPF_SOCKET, whose log grows in a file."""

    def __init__(self, command, log):
        self.command, self.log = shlex.split(command), log
        self.process = None
        self.began = 0

    def start(self, policy):
        """Starts it with this policy, and waits until applications can attach."""
        with open(self.log, "ab") as log:
            self.began = log.tell()
            self.process = subprocess.Popen(self.command + ["--policy", policy], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + START_S
        while not self.is_served():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the daemon did not start; see {self.log}")
            time.sleep(0.01)
        return self

    @staticmethod
    def is_served():
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
            try:
                s.connect(os.environ["GBPF_SOCKET"] + ".attach")
                return True
            except OSError:
                return False

    def attached(self):
        """The processes that have attached to this daemon and not left."""
        with open(self.log, "rb") as log:
            log.seek(self.began)
            lines = log.read().decode(errors="replace").splitlines()
        come = sum(" is attached:" in line for line in lines)
        return come - sum(line.endswith(" has left") for line in lines)

    def wait_attached(self, count, seconds=15):
        """Waits for so many; returns whether they came."""
        until = time.monotonic() + seconds
        while self.attached() != count and time.monotonic() < until:
            time.sleep(0.01)
        return self.attached() == count

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def kill(self):
        self.process.kill()

    def reap(self):
        self.process.wait(30)

    def stop(self):
        """As a service manager does: waits for its end."""
        self.process.terminate()
        self.reap()

    def end(self):
        if self.process is not None and self.process.poll() is None:
            self.go_on()
            self.stop()
