"""Addresses inside the sandbox's Discogs."""

from msgspec import Struct


class Links(Struct, frozen=True):
    """`root` is where Discogs' API begins, without a slash at the end."""

    root: str

    def release(self, id_: int) -> str:
        return f"{self.root}/releases/{id_}"

    def master(self, id_: int) -> str:
        return f"{self.root}/masters/{id_}"

    def artist(self, id_: int) -> str:
        return f"{self.root}/artists/{id_}"

    def label(self, id_: int) -> str:
        return f"{self.root}/labels/{id_}"

    def user(self, username: str) -> str:
        return f"{self.root}/users/{username}"

    def folder(self, username: str, id_: int) -> str:
        return f"{self.user(username)}/collection/folders/{id_}"

    def listing(self, id_: int) -> str:
        return f"{self.root}/marketplace/listings/{id_}"

    def page(self, kind: str, id_: object) -> str:
        """Where a person would look, such as `sell/item` and an id."""
        return f"{self.root}/{kind}/{id_}"
