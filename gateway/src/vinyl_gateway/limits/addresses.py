"""Whom an address stands for."""

import ipaddress


def limited_address(address: str) -> str:
    """An IPv6 subscriber holds a whole /64, so that is what is counted; IPv4 in IPv6 is IPv4."""
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
