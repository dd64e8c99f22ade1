#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Test the guests themselves: everything a scenario may need, tried once, without rstwhy.

Called by matrix in place of the end-to-end runner and reports in the same form. To add a check,
write a function below: it returns a word for the report, or raises.
"""

import argparse
import ctypes
import fcntl
import json
import os
import platform
import socket
import struct
import subprocess
import time
import traceback

CHECKS = []


class NotApplicable(Exception):
    pass


def check(function):
    CHECKS.append(function)
    return function


def run(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise RuntimeError(f"{command}: {said[-1]}")
    return done.stdout


def wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port}")


@check
def mounts():
    mounted = open("/proc/mounts").read()
    for filesystem in ("/sys/fs/cgroup cgroup2", "/sys/fs/bpf bpf", "/sys/kernel/tracing tracefs"):
        assert filesystem in mounted, filesystem


@check
def kernel_btf():
    return f"{os.stat('/sys/kernel/btf/vmlinux').st_size} bytes"


@check
def kallsyms():
    for line in open("/proc/kallsyms"):
        if line.split()[2] == "tcp_v4_send_reset":
            assert int(line.split()[0], 16), "addresses are hidden"
            return
    raise RuntimeError("no tcp_v4_send_reset")


@check
def bpf_program():
    """r0 = 0; exit - as a socket filter, by the bare system call."""
    code = ctypes.create_string_buffer(struct.pack("=BBhiBBhi", 0xb7, 0, 0, 0, 0x95, 0, 0, 0))
    name = ctypes.create_string_buffer(b"GPL")
    attributes = struct.pack("=IIQQIIQII", 1, 2, ctypes.addressof(code), ctypes.addressof(name),
                             0, 0, 0, 0, 0)
    buffer = ctypes.create_string_buffer(attributes, 128)
    libc = ctypes.CDLL(None, use_errno=True)
    program = libc.syscall(321, 5, buffer, 128)
    assert program >= 0, os.strerror(ctypes.get_errno())
    assert "socket_filter" in run("bpftool prog list")
    os.close(program)


@check
def kprobe():
    with open("/sys/kernel/tracing/kprobe_events", "w") as file:
        file.write("p:check tcp_reset\n")
    # Opening it to write anew removes all probes.
    open("/sys/kernel/tracing/kprobe_events", "w").close()


@check
def namespaces():
    run("ip netns add a; ip netns add b; ip link add a0 netns a type veth peer name b0 netns b")
    for name, address in (("a", 1), ("b", 2)):
        run(f"ip -n {name} address add 10.9.0.{address}/24 dev {name}0")
        run(f"ip -n {name} link set {name}0 up; ip -n {name} link set lo up")
    run("ip netns exec a ping -c 1 -W 10 10.9.0.2")
    run("ip -n a link show a0")


@check
def real_programs():
    """Not busybox's applets of the same name, neither from the shell nor below timeout."""
    for command in ("ip -V", "timeout 9 tc -V", "env ip -V", "readlink $(command -v nc)"):
        said = run(command)
        assert "iproute2" in said or "openbsd" in said, said


@check
def netem():
    run("tc -n a qdisc add dev a0 root netem delay 1ms")
    run("tc -n a qdisc del dev a0 root")


@check
def firewall_reset():
    run("nft 'table inet f { chain c { type filter hook input priority 0; "
        "tcp dport 4444 reject with tcp reset; ct state invalid drop; }; }'")
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            socket.socket(family).connect((address, 4444))
        except ConnectionRefusedError:
            continue
        raise RuntimeError("not refused")
    counters = run("nft list ruleset")
    run("nft flush ruleset")
    assert "tcp reset" in counters
    assert "nf_reject_ipv6" in open("/proc/modules").read(), "not a module"


@check
def socket_destroy():
    listener = socket.create_server(("127.0.0.1", 4445))
    client = socket.create_connection(("127.0.0.1", 4445))
    server = listener.accept()[0]
    run("ss -K dst 127.0.0.1 dport = 4445")
    try:
        server.recv(1)
    except ConnectionResetError:
        return
    finally:
        client.close()
    raise RuntimeError("the peer saw no reset")


@check
def tun():
    with open("/dev/net/tun", "r+b", buffering=0) as file:
        fcntl.ioctl(file, 0x400454ca, struct.pack("16sH22x", b"t0", 0x1001))
        run("ip link set t0 up")


@check
def tcp_md5():
    key = struct.pack("=HH4s120xBBHI80s", socket.AF_INET, 0, b"\x7f\0\0\1", 0, 0, 3, 0, b"key")
    with socket.socket() as client:
        client.setsockopt(socket.IPPROTO_TCP, 14, key)


@check
def mptcp():
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262).close()
    except OSError as error:
        raise NotApplicable(f"no MPTCP: {error}") from error


@check
def nginx_and_curl():
    with open("/tmp/nginx.conf", "w") as file:
        file.write("daemon off; events {} http { server { listen 8080; return 200 hello; } }")
    with subprocess.Popen(["nginx", "-c", "/tmp/nginx.conf"]) as server:
        wait_for(8080)
        assert run("curl -sS http://localhost:8080/") == "hello"
        server.terminate()


@check
def redis():
    with subprocess.Popen(["redis-server", "--save", ""], stdout=subprocess.DEVNULL) as server:
        wait_for(6379)
        assert "PONG" in run("redis-cli ping")
        server.terminate()


@check
def netcat():
    with subprocess.Popen(["nc", "-l", "127.0.0.1", "4446"], stdout=subprocess.PIPE) as server:
        for _ in range(50):
            try:
                with socket.create_connection(("127.0.0.1", 4446)) as client:
                    client.sendall(b"x")
                break
            except ConnectionRefusedError:
                time.sleep(0.1)
        assert server.communicate(timeout=20)[0] == b"x"


def result_of(function):
    try:
        return "right", str(function() or "")
    except NotApplicable as reason:
        return "not applicable", str(reason)
    except Exception as error:
        traceback.print_exc()
        return "wrong", f"{type(error).__name__}: {error}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary")
    parser.add_argument("--result", required=True)
    options = parser.parse_args()
    scenarios = []
    for function in CHECKS:
        result, detail = result_of(function)
        scenarios.append({"name": function.__name__, "result": result, "detail": detail})
        print(f"{result:15} {function.__name__} {detail}", flush=True)
    with open(options.result, "w") as file:
        json.dump({"kernel": platform.release(), "scenarios": scenarios}, file)


if __name__ == "__main__":
    main()
