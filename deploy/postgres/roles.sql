-- A role and a schema of the same name for each service, and nothing of the others.
-- Run as a superuser in the database that Vinylhound uses; running it again changes nothing.
-- Passwords are set apart: ALTER ROLE vinyl_user PASSWORD '…';

REVOKE ALL ON SCHEMA public FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS extensions;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA extensions;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA extensions;

DO $$
DECLARE
    service text;
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());

    FOREACH service IN ARRAY ARRAY['vinyl_user', 'vinyl_catalog', 'vinyl_rating', 'vinyl_search'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = service) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', service);
        END IF;
        EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO %I', current_database(), service);
        EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, service);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
        EXECUTE format('GRANT USAGE ON SCHEMA extensions TO %I', service);
        EXECUTE format('ALTER ROLE %I SET search_path = %I, extensions', service, service);
        EXECUTE format('ALTER ROLE %I SET timezone = ''UTC''', service);
        -- For a session that sets none of its own, such as a person's.
        EXECUTE format('ALTER ROLE %I SET statement_timeout = ''15min''', service);
        EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''5min''', service);
    END LOOP;
END
$$;
