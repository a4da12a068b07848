#!/bin/sh
# Runs once, when the database server is new: a database and a role for each service, closed to the others.
set -eu
for service in planning scoring approval reward notification; do
    variable=KPI_$(echo "$service" | tr '[:lower:]' '[:upper:]')_DB_PASSWORD
    eval "password=\${$variable:?a password for the database of $service}"
    # The password reaches psql in its environment, not in a command line that every process can read.
    # shellcheck disable=SC2154 # eval sets it
    KPI_PASSWORD=$password psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
        --set service="$service" --set role="kpi_$service" \
        --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password KPI_PASSWORD
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"role" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8';
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
