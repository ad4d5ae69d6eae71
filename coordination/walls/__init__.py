"""The walls: who may read and write which rows, declared beside the models and enforced by PostgreSQL.

`declaration` says what a model's wall is, `operations` writes it in migrations, `catalogue` compares it with the live database.
"""
