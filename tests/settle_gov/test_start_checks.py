"""What is refused before anything starts."""

import socket
from pathlib import Path

import pytest

from settle_gov.start_checks import CannotStartError, only_one, refuse_taken_port


def test_refuse_taken_port_names_the_port_and_another_one():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(CannotStartError, match=f"Port {port} is in use .* make run PORT={port + 1}"):
            refuse_taken_port("127.0.0.1", port)


def test_refuse_taken_port_accepts_a_free_port_and_leaves_it_free():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

    refuse_taken_port("127.0.0.1", port)
    refuse_taken_port("127.0.0.1", port)


def test_refuse_taken_port_says_what_is_wrong_with_an_address_of_somebody_else():
    with pytest.raises(CannotStartError, match=r"Cannot listen on 192\.0\.2\.1 port 8000"):  # a documentation address
        refuse_taken_port("192.0.2.1", 8000)


def test_only_one_refuses_a_second_holder_and_lets_go(tmp_path: Path):
    with only_one(tmp_path), pytest.raises(CannotStartError, match=f"already runs on the data in {tmp_path}"):
        only_one(tmp_path).__enter__()

    with only_one(tmp_path):
        pass
