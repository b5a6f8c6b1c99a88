"""The conversions between field types, one module per kind of value; ``openyx.relation.convert`` chooses among them."""
