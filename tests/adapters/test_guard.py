"""Which addresses may be connected to."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.adapters.net.guard import ForbiddenAddress, Guard
from watcher.errors import ConfigError

PRIVATE_4 = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
]
PRIVATE_6 = [
    "::",
    "::1",
    "100::1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "e000::1",
]
PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "2001:4860:4860::8888",
    "2400:cb00::1",
]


def carriers(inner: str) -> list[str]:
    """The IPv6 addresses that lead to an IPv4 address."""
    number = int(ipaddress.IPv4Address(inner))
    texts = {
        "mapped": 0xFFFF << 32 | number,
        "compatible": number,
        "nat64": 0x64FF9B << 96 | number,
        "6to4": 0x2002 << 112 | number << 80 | 1,
        "teredo client": 0x20010000 << 96
        | int(ipaddress.IPv4Address("8.8.8.8")) << 64
        | number ^ 0xFFFFFFFF,
        "isatap": 0x2A00145040010000 << 64 | 0x5EFE << 32 | number,
        "isatap, of a public address": 0x2A00145040010000 << 64 | 0x02005EFE << 32 | number,
        "teredo server": 0x20010000 << 96 | number << 64 | 0x08080808 ^ 0xFFFFFFFF,
    }
    return [str(ipaddress.IPv6Address(each)) for each in texts.values()]


def permitted(address: str) -> bool:
    try:
        Guard().check(address)
    except ForbiddenAddress:
        return False
    return True


@pytest.mark.parametrize("address", PRIVATE_4 + PRIVATE_6)
def test_what_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress, match="not a public internet address"):
        Guard().check(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_permitted(address: str) -> None:
    assert permitted(address)


@pytest.mark.parametrize("inner", [a for a in PRIVATE_4 if a not in ("0.0.0.0",)])
def test_an_address_inside_another_is_judged(inner: str) -> None:
    for address in carriers(inner):
        with pytest.raises(ForbiddenAddress):
            Guard().check(address)


@pytest.mark.parametrize("prefix", ["fd00:ec2::", "fe80::", "fec0::", "64:ff9b:1::", "2001:db8::"])
@pytest.mark.parametrize("mark", [0x5EFE, 0x02005EFE])
def test_a_public_address_inside_a_private_network_opens_no_door(prefix: str, mark: int) -> None:
    """An ISATAP address is first of all one of its network, whatever stands in its lower half."""
    inner = int(ipaddress.IPv4Address("93.184.215.14"))
    address = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) | mark << 32 | inner)
    with pytest.raises(ForbiddenAddress, match="not a public internet address"):
        Guard().check(str(address))
    Guard([f"{prefix}/64"]).check(str(address))


@pytest.mark.parametrize(
    "address", ["2002:808:808::5efe:a00:1", "2001:0:808:808:0:5efe:f5ff:fffe", "64:ff9b::a00:1"]
)
def test_all_that_an_address_carries_is_judged(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        Guard().check(address)


def test_a_public_address_inside_another_is_permitted() -> None:
    for address in carriers("93.184.215.14"):
        assert permitted(address), address


def test_allowed_networks_win_also_inside_other_addresses() -> None:
    guard = Guard(["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"])
    for address in ["127.0.0.1", "10.1.2.3", "fd00::5", "::ffff:127.0.0.1", *carriers("10.1.2.3")]:
        guard.check(address)
    for address in ["127.0.0.2", "11.0.0.0".replace("11", "192.168"), "::1", "fe80::1"]:
        with pytest.raises(ForbiddenAddress):
            guard.check(address)


def test_allowing_the_zero_network_does_not_allow_the_ipv6_loopback() -> None:
    with pytest.raises(ForbiddenAddress):
        Guard(["0.0.0.0/8"]).check("::1")


@pytest.mark.parametrize("address", ["", "news.example", "127.1", "0x7f.1", "2130706433", "[::1]"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        Guard(["0.0.0.0/0", "::/0"]).check(address)


@pytest.mark.parametrize("network", ["", "10.0.0.0/33", "intranet"])
def test_a_malformed_network_is_a_configuration_fault(network: str) -> None:
    with pytest.raises(ConfigError, match="allow_networks"):
        Guard([network])


@given(st.ip_addresses())
def test_nothing_passes_that_the_standard_library_calls_private(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    try:
        Guard().check(str(address))
    except ForbiddenAddress:
        return
    inner = getattr(address, "ipv4_mapped", None) or address
    tests = ("loopback", "link_local", "multicast", "unspecified", "site_local")
    assert [name for name in tests if getattr(inner, f"is_{name}", False)] == []
    if getattr(address, "sixtofour", None) is None and getattr(address, "teredo", None) is None:
        assert not inner.is_private


@given(st.ip_addresses(v=4))
def test_carriers_are_judged_as_what_they_carry(address: ipaddress.IPv4Address) -> None:
    def refused(text: str) -> bool:
        try:
            Guard().check(text)
        except ForbiddenAddress:
            return True
        return False

    inner = str(address)
    # "compatible" 0.0.0.0 and 0.0.0.1 are :: and ::1, which are refused all the same
    assert {refused(each) for each in carriers(inner)} == {refused(inner)}


@pytest.mark.parametrize("port", [1, 22, 25, 53, 587, 6000, 6667, 10080])
def test_ports_of_other_services_are_for_allowed_networks_only(port: int) -> None:
    guard = Guard(["10.0.0.0/8"])
    for address in ("93.184.215.14", "2606:4700::1111", *carriers("93.184.215.14")):
        with pytest.raises(ForbiddenAddress, match=f"at port {port}"):
            guard.check(address, port)
    for address in ("10.1.2.3", "::ffff:10.1.2.3"):
        guard.check(address, port)


@pytest.mark.parametrize("port", [80, 81, 443, 3000, 5000, 8000, 8080, 8443, 9000, 65535])
def test_ports_where_pages_are_served_are_fine(port: int) -> None:
    Guard().check("93.184.215.14", port)


def test_the_socket_factory_opens_only_what_may_be_reached() -> None:
    def info(address: str) -> tuple[object, ...]:
        return (socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, 80))

    guard = Guard(["127.0.0.1/32"])
    with guard.socket_factory(info("127.0.0.1")) as opened:
        assert opened.family == socket.AF_INET
    with pytest.raises(ForbiddenAddress):
        guard.socket_factory(info("127.0.0.2"))
    with pytest.raises(ForbiddenAddress, match="port 25"):
        guard.socket_factory((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("93.184.215.14", 25)))
