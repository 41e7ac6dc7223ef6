"""What crosses a wire: ids, error kinds, claims, money, grades and events. No I/O."""
