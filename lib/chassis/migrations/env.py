"""Alembic's environment for every service: the connection comes from chassis.migrations."""

from alembic import context

from chassis.migrations import tables

config = context.config


# An upgrade needs no tables of the service, only the step that is being written does.
making = config.attributes.get("making", False)
context.configure(
    connection=config.attributes["connection"],
    target_metadata=tables(config.attributes["service"]) if making else None,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
