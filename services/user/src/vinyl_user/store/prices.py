"""Money in two columns: the smallest units, and the currency."""

from sqlalchemy import RowMapping

from vinyl_contracts.money import Money


def price_columns(price: Money | None) -> dict[str, object]:
    return {
        "price_minor": price.minor if price else None,
        "price_currency": price.currency if price else None,
    }


def price_of(row: RowMapping) -> Money | None:
    return (
        None if row["price_currency"] is None else Money.of_minor(row["price_minor"], row["price_currency"])
    )
