"""Addresses that nobody may be led to, and a record of where connections went."""

from __future__ import annotations

import socket
from typing import Any

# A host as a URL names it, and what it stands for. All must be refused, before a socket opens.
HOSTS = {
    "loopback": "127.0.0.1",
    "loopback, another": "127.255.255.254",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "hexadecimal, dotted": "0x7f.0x0.0x0.0x1",
    "octal": "0177.0.0.01",
    "octal, one number": "017700000001",
    "short": "127.1",
    "shorter": "0",
    "mixed": "0x7f.1",
    "trailing dot": "127.0.0.1.",
    "trailing dots": "127.0.0.1..",
    "leading zeros": "127.000.000.001",
    "overflowing": "4294967297",
    "any": "0.0.0.0",
    "this network": "0.1.2.3",
    "private, 10": "10.0.0.1",
    "private, 172": "172.16.0.1",
    "private, 192": "192.168.0.1",
    "shared (CGNAT)": "100.64.0.1",
    "link-local": "169.254.1.1",
    "metadata": "169.254.169.254",
    "metadata, decimal": "2852039166",
    "metadata, shared space": "100.100.100.200",
    "metadata, protocol space": "192.0.0.192",
    "control address of a cloud": "168.63.129.16",
    "documentation": "203.0.113.9",
    "benchmarks": "198.18.0.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "6: loopback": "[::1]",
    "6: any": "[::]",
    "6: mapped": "[::ffff:127.0.0.1]",
    "6: mapped, in groups": "[::ffff:a9fe:a9fe]",
    "6: mapped, in full": "[0:0:0:0:0:ffff:7f00:1]",
    "6: compatible": "[::127.0.0.1]",
    "6: translated": "[::ffff:0:7f00:1]",
    "6: NAT64": "[64:ff9b::7f00:1]",
    "6: NAT64, metadata": "[64:ff9b::169.254.169.254]",
    "6: NAT64, local": "[64:ff9b:1::a00:1]",
    "6: 6to4": "[2002:7f00:1::1]",
    "6: 6to4, metadata": "[2002:a9fe:a9fe::]",
    "6: Teredo, client": "[2001:0:808:808::80ff:fffe]",
    "6: Teredo, server": "[2001:0:7f00:1::f7f7:f7f7]",
    "6: ISATAP": "[2a00:1450::5efe:7f00:1]",
    "6: ISATAP, in a private network": "[fd00:ec2::5efe:808:808]",
    "6: ISATAP, in 6to4": "[2002:808:808::5efe:a00:1]",
    "6: link-local": "[fe80::1]",
    "6: link-local, metadata": "[fe80::a9fe:a9fe]",
    "6: metadata, another cloud": "[fd20:ce::254]",
    "6: link-local with zone": "[fe80::1%25lo]",
    "6: unique local": "[fd00:ec2::254]",
    "6: site-local": "[fec0::1]",
    "6: multicast": "[ff02::1]",
    "6: documentation": "[2001:db8::1]",
    "6: discard": "[100::1]",
    "6: unassigned": "[4000::1]",
    "full-width digits": "１２７.０.０.１",
    "full-width, whole": "１２７．０．０．１",
    "ideographic full stops": "127。0。0。1",
    "half-width full stops": "127｡0｡0｡1",
    "enclosed digits": "①②⑦.⓪.⓪.①",
    "digits with full stops": "⒈⒉⒎",
    "superscripts": "¹²⁷.⁰.⁰.¹",
    "mathematical digits": "𝟏𝟐𝟕.𝟎.𝟎.𝟏",
    "percent-encoded": "%31%32%37.0.0.1",
    "percent-encoded dot": "127%2e0%2e0%2e1",
    "soft hyphen": "127.0.0\u00ad.1",
    "zero-width space": "127.0.\u200b0.1",
    "localhost": "localhost",
    "localhost, upper case": "LOCALHOST",
    "localhost, full-width": "ｌｏｃａｌｈｏｓｔ",
    "localhost, enclosed": "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhost, trailing dot": "localhost.",
    "a name inside": "inside.test",
    "a name with metadata": "metadata.test",
    "a name in another alphabet": "внутри.test",
    "a name of all kinds inside": "many.test",
}

# Whole URLs that lead elsewhere than they seem to.
URLS = {
    "user": "http://news.test@127.0.0.1/",
    "user and password": "http://news.test:80@127.0.0.1/",
    "empty user": "http://@127.0.0.1/",
    "encoded at": "http://news.test%40127.0.0.1/",
    "two ats": "http://a@news.test@127.0.0.1/",
    "backslash": "http://127.0.0.1\\@news.test/",
    "backslash for a slash": "http:\\\\127.0.0.1\\",
    "fragment before at": "http://127.0.0.1#@news.test/",
    "question before at": "http://127.0.0.1?@news.test/",
    "semicolon": "http://127.0.0.1;news.test/",
    "space": "http://127.0.0.1 .news.test/",
    "tab": "http://127.0.0.1\t/",
    "line feed": "http://127.0.0.1\r\nHost: news.test/",
    "null": "http://127.0.0.1\0.news.test/",
    "three slashes": "http:///127.0.0.1/",
    "no slashes": "http:127.0.0.1/",
    "upper case": "HTTP://127.0.0.1/",
    "no port": "http://127.0.0.1:/",
    "port zero": "http://127.0.0.1:0/",
    "port too large": "http://127.0.0.1:65616/",
    "port, full-width": "http://127.0.0.1:８０/",
    "two ports": "http://127.0.0.1:80:80/",
    "mail port": "http://outside.test:25/",
    "chat port": "http://outside.test:6667/",
    "file": "file:///etc/passwd",
    "file with a host": "file://127.0.0.1/etc/passwd",
    "ftp": "ftp://127.0.0.1/",
    "gopher": "gopher://127.0.0.1:70/_x",
    "dict": "dict://127.0.0.1:11211/stats",
    "ldap": "ldap://127.0.0.1/",
    "data": "data:text/html,<p>hello",
    "javascript": "javascript:alert(1)",
    "unix": "unix:///var/run/docker.sock",
    "http over unix": "http+unix://%2Fvar%2Frun%2Fdocker.sock/info",
    "web socket": "ws://127.0.0.1/",
    "view-source": "view-source:http://127.0.0.1/",
    "jar": "jar:http://127.0.0.1!/",
    "without a scheme": "//127.0.0.1/",
    "broken brackets": "http://[::1/",
    "brackets around IPv4": "http://[127.0.0.1]/",
    "address in a later form": "http://[v1.127.0.0.1]/",
}

# A public address, behind which a test finds the site that it runs on loopback.
OUTSIDE = "93.184.215.14"

NAMES = {
    "inside.test": ["10.0.0.7"],
    "metadata.test": ["169.254.169.254"],
    "xn--b1abicl2h.test": ["192.168.1.1"],
    "many.test": ["10.0.0.1", "fd00::1", "::ffff:127.0.0.1", "0.0.0.0", "64:ff9b::a00:1"],
    "outside.test": [OUTSIDE],
}


class Wire:
    """Stands at the edge of the machine: names resolve as told, connections are written down.

    `names` can be changed, and a name whose value is a list of lists gives them one after the
    other, the last one for good. Numbers are read as the system reads them.
    """

    def __init__(self, monkeypatch: Any) -> None:
        self.names: dict[str, list[Any]] = {**NAMES, "localhost": ["127.0.0.1", "::1"]}
        self.dialled: list[str] = []
        self.looked_up: list[str] = []
        self._lower = socket.getaddrinfo
        real = socket.socket.connect

        def connect(sock: socket.socket, address: Any) -> None:
            if sock.family != socket.AF_UNIX:
                self.dialled.append(address[0])
            real(sock, ("127.0.0.1", address[1]) if address[0] == OUTSIDE else address)

        monkeypatch.setattr(socket.socket, "connect", connect)
        monkeypatch.setattr(socket, "getaddrinfo", self._look_up)

    def _look_up(self, host: Any, port: Any = 0, *more: Any, **options: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        self.looked_up.append(name)
        known = self.names.get(name.rstrip(".").lower())
        if known and isinstance(known[0], list):
            known = known.pop(0) if len(known) > 1 else known[0]
        if known is None:
            try:
                known = [socket.inet_ntoa(socket.inet_aton(name))]
            except OSError:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
        return [info for each in known for info in self._lower(each, port, 0, socket.SOCK_STREAM)]
