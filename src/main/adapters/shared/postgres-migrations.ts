import { AppError } from '../../../core/model/errors.ts';
import { sqlState, type Connection } from './postgres-connection.ts';

/** Names the lock under which the tables are made, among advisory locks of the same database. */
const MIGRATION_LOCK = 0x67656e65;

/** `sha256(bytea)` is from 11 on, `gen_random_uuid()` from 13 on. */
const OLDEST_SERVER = 130_000;

const LOGS = `
CREATE TABLE countersign.file (
  origin text NOT NULL CHECK (octet_length(origin) <= 255 AND origin ~ '^[a-z0-9.-]+(/[a-z0-9-]+)*$'),
  path text NOT NULL CHECK (path ~ '^(entries[.]jsonl|cosigned/[0-9]{1,16}[.][0-9a-f]{8}|tile/([0-9]{1,2}|entries)/(x[0-9]{3}/){0,5}[0-9]{3}([.]p/[0-9]{1,3})?)$'),
  bytes bytea NOT NULL CHECK (octet_length(bytes) <= 17000000),
  author text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (origin, path)
);
COMMENT ON TABLE countersign.file IS 'Tiles, bundles and cosigned checkpoints of logs (C2SP tlog-tiles); none ever changes.';

CREATE TABLE countersign.head (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  origin text NOT NULL CHECK (octet_length(origin) <= 255 AND origin ~ '^[a-z0-9.-]+(/[a-z0-9-]+)*$'),
  name text NOT NULL CHECK (name IN ('checkpoint', 'vkey')),
  bytes bytea NOT NULL CHECK (octet_length(bytes) <= 1048576),
  author text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE countersign.head IS 'Every checkpoint and key that was published of a log; the newest row counts, the others stay.';
CREATE INDEX head_newest ON countersign.head (origin, name, id DESC);

CREATE FUNCTION countersign.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('countersign.within', true) = ANY (TG_ARGV) THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the archive is only ever added to: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.file FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change('withdraw_file');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.head FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.migration FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change();
ALTER TABLE countersign.file ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE countersign.head ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE countersign.migration ENABLE ALWAYS TRIGGER append_only;

-- For the owner alone: takes away a file that is none of its log, so that the log's consoles can publish theirs.
CREATE FUNCTION countersign.withdraw_file(its_origin text, its_path text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone boolean;
BEGIN
  PERFORM set_config('countersign.within', 'withdraw_file', true);
  DELETE FROM countersign.file WHERE origin = its_origin AND path = its_path;
  gone := FOUND;
  PERFORM set_config('countersign.within', '', true);
  RETURN gone;
END $$;

DO $$
DECLARE wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['countersign_writer', 'countersign_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON SCHEMA countersign FROM PUBLIC;
REVOKE ALL ON FUNCTION countersign.refuse_change(), countersign.withdraw_file(text, text) FROM PUBLIC;
GRANT USAGE ON SCHEMA countersign TO countersign_writer, countersign_reader;
GRANT SELECT ON countersign.file, countersign.head, countersign.migration TO countersign_writer, countersign_reader;
GRANT INSERT (origin, path, bytes) ON countersign.file TO countersign_writer;
GRANT INSERT (origin, name, bytes) ON countersign.head TO countersign_writer;
`;

const ATTACHMENTS = `
CREATE TABLE countersign.upload (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint NOT NULL CHECK (size BETWEEN 0 AND 268435456),
  author text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE countersign.upload IS 'Attachments that are, or were, being handed over, each by one user.';
CREATE INDEX upload_sha256 ON countersign.upload (sha256);

CREATE TABLE countersign.chunk (
  upload uuid NOT NULL REFERENCES countersign.upload,
  number integer NOT NULL CHECK (number BETWEEN 0 AND 255),
  bytes bytea NOT NULL CHECK (octet_length(bytes) BETWEEN 1 AND 1048576),
  PRIMARY KEY (upload, number)
);
ALTER TABLE countersign.chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE countersign.attachment (
  sha256 text PRIMARY KEY,
  size bigint NOT NULL,
  upload uuid NOT NULL UNIQUE REFERENCES countersign.upload,
  author text NOT NULL DEFAULT session_user,
  at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE countersign.attachment IS 'Attachments that are whole: the database itself computed their SHA-256.';

CREATE VIEW countersign.attachment_chunk AS SELECT a.sha256, c.number, c.bytes FROM countersign.attachment a JOIN countersign.chunk c ON c.upload = a.upload;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.upload FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change('erase_attachment', 'finish_upload');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.chunk FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change('erase_attachment', 'finish_upload');
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON countersign.attachment FOR EACH STATEMENT EXECUTE FUNCTION countersign.refuse_change('erase_attachment');
ALTER TABLE countersign.upload ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE countersign.chunk ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE countersign.attachment ENABLE ALWAYS TRIGGER append_only;

-- The caller's own unfinished upload of these bytes, or a new one.
CREATE FUNCTION countersign.begin_upload(its_sha256 text, its_size bigint, anew boolean) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_id uuid;
BEGIN
  IF NOT anew THEN
    SELECT id INTO found_id FROM countersign.upload WHERE sha256 = its_sha256 AND size = its_size AND author = session_user ORDER BY at DESC, id LIMIT 1;
  END IF;
  IF found_id IS NULL THEN
    INSERT INTO countersign.upload (sha256, size) VALUES (its_sha256, its_size) RETURNING id INTO found_id;
  END IF;
  RETURN found_id;
END $$;

CREATE FUNCTION countersign.own_upload(its_id uuid) RETURNS countersign.upload LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE found_row countersign.upload;
BEGIN
  SELECT * INTO found_row FROM countersign.upload WHERE id = its_id AND author = session_user;
  IF found_row.id IS NULL THEN
    RAISE EXCEPTION 'this upload is another user''s, or none' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN found_row;
END $$;

CREATE FUNCTION countersign.uploaded_chunks(its_id uuid) RETURNS TABLE (number integer, sha256 text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM countersign.own_upload(its_id);
  RETURN QUERY SELECT c.number, encode(sha256(c.bytes), 'hex') FROM countersign.chunk c WHERE c.upload = its_id ORDER BY c.number;
END $$;

-- What is whole takes no more: the lock is the one under which it becomes whole.
CREATE FUNCTION countersign.put_chunk(its_id uuid, its_number integer, its_bytes bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE it countersign.upload := countersign.own_upload(its_id);
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('countersign attachment ' || it.sha256, 0));
  IF EXISTS (SELECT FROM countersign.attachment a WHERE a.upload = its_id) THEN
    RETURN;
  END IF;
  INSERT INTO countersign.chunk (upload, number, bytes) VALUES (its_id, its_number, its_bytes) ON CONFLICT DO NOTHING;
END $$;

-- True where the attachment is whole now: by this upload, whose bytes have that SHA-256, or by another that was first.
CREATE FUNCTION countersign.finish_upload(its_id uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  it countersign.upload := countersign.own_upload(its_id);
  total bigint;
  digest text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('countersign attachment ' || it.sha256, 0));
  IF NOT EXISTS (SELECT FROM countersign.attachment a WHERE a.sha256 = it.sha256) THEN
    SELECT coalesce(sum(octet_length(c.bytes)), 0) INTO total FROM countersign.chunk c WHERE c.upload = its_id;
    IF total <> it.size THEN
      RETURN false;
    END IF;
    SELECT encode(sha256(coalesce(string_agg(c.bytes, ''::bytea ORDER BY c.number), ''::bytea)), 'hex') INTO digest FROM countersign.chunk c WHERE c.upload = its_id;
    IF digest <> it.sha256 THEN
      RETURN false;
    END IF;
    INSERT INTO countersign.attachment (sha256, size, upload) VALUES (it.sha256, it.size, its_id);
  END IF;
  PERFORM set_config('countersign.within', 'finish_upload', true);
  DELETE FROM countersign.chunk c USING countersign.upload u
    WHERE c.upload = u.id AND u.sha256 = it.sha256 AND u.author = session_user AND NOT EXISTS (SELECT FROM countersign.attachment a WHERE a.upload = u.id);
  DELETE FROM countersign.upload u
    WHERE u.sha256 = it.sha256 AND u.author = session_user AND NOT EXISTS (SELECT FROM countersign.attachment a WHERE a.upload = u.id);
  PERFORM set_config('countersign.within', '', true);
  RETURN true;
END $$;

-- For the owner alone: erasure.
CREATE FUNCTION countersign.erase_attachment(its_sha256 text) RETURNS boolean LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE gone boolean;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('countersign attachment ' || its_sha256, 0));
  PERFORM set_config('countersign.within', 'erase_attachment', true);
  DELETE FROM countersign.attachment WHERE sha256 = its_sha256;
  gone := FOUND;
  DELETE FROM countersign.chunk c USING countersign.upload u WHERE c.upload = u.id AND u.sha256 = its_sha256;
  DELETE FROM countersign.upload WHERE sha256 = its_sha256;
  PERFORM set_config('countersign.within', '', true);
  RETURN gone;
END $$;

REVOKE ALL ON FUNCTION countersign.begin_upload(text, bigint, boolean), countersign.own_upload(uuid), countersign.uploaded_chunks(uuid), countersign.put_chunk(uuid, integer, bytea),
  countersign.finish_upload(uuid), countersign.erase_attachment(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION countersign.begin_upload(text, bigint, boolean), countersign.uploaded_chunks(uuid), countersign.put_chunk(uuid, integer, bytea), countersign.finish_upload(uuid) TO countersign_writer;
GRANT SELECT ON countersign.attachment, countersign.attachment_chunk TO countersign_writer, countersign_reader;
`;

/** What makes the tables, from nothing to what this version knows; only ever added to at the end. */
export const POSTGRES_MIGRATIONS: readonly string[] = [LOGS, ATTACHMENTS];

/**
 * Sees to it that the tables are those that this version knows. They are made, or brought up to date, by the first sync of
 * an administrator: of whoever may create a schema in the database, and roles. Errors: `environment`.
 */
export async function ensureTables(connection: Connection, url: string): Promise<void> {
  const [server] = await connection.rows<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
  if ((server?.version ?? 0) < OLDEST_SERVER) throw new AppError('environment', `${url} is a PostgreSQL server older than 13, which this version does not use.`);
  const version = await tablesVersion(connection);
  if (version === POSTGRES_MIGRATIONS.length) return;
  if (version > POSTGRES_MIGRATIONS.length) throw newer(url, version);
  if (!(await mayChange(connection))) {
    throw new AppError('environment', version === 0 ? `${url} holds no archive yet, and this user may not make one.` : `${url} holds tables of version ${version}, and this version needs ${POSTGRES_MIGRATIONS.length}.`, {
      hint: 'The first sync of its administrator makes them, or brings them up to date.', details: { url },
    });
  }
  await migrate(connection, url, POSTGRES_MIGRATIONS);
}

/** Applies those that are still to be applied, all in one transaction, one administrator at a time. */
export async function migrate(connection: Connection, url: string, migrations: readonly string[]): Promise<void> {
  try {
    await connection.transaction(async () => {
      await connection.rows('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      await connection.rows('CREATE SCHEMA IF NOT EXISTS countersign');
      await connection.rows('CREATE TABLE IF NOT EXISTS countersign.migration (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())');
      // Looked at again under the lock: somebody else may have been first.
      const version = await tablesVersion(connection);
      if (version > migrations.length) throw newer(url, version);
      for (const [index, sql] of migrations.entries()) {
        if (index < version) continue;
        await connection.rows(sql);
        await connection.rows('INSERT INTO countersign.migration (version) VALUES ($1)', [index + 1]);
      }
    });
  } catch (cause) {
    if (sqlState(cause) !== '42501' || !(cause instanceof AppError)) throw cause;
    throw new AppError('environment', `${cause.message}: the tables could not be made.`, {
      hint: 'Who makes them must be allowed to create a schema in this database, and the roles countersign_writer and countersign_reader where they are not there yet.', details: { url }, cause,
    });
  }
}

/** 0 where there are none. */
async function tablesVersion({ rows }: Connection): Promise<number> {
  const [found] = await rows<{ there: boolean }>(`SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = 'countersign' AND tablename = 'migration') AS there`);
  if (found?.there !== true) return 0;
  const [newest] = await rows<{ version: number }>('SELECT coalesce(max(version), 0)::int AS version FROM countersign.migration');
  return newest?.version ?? 0;
}

async function mayChange({ rows }: Connection): Promise<boolean> {
  const [found] = await rows<{ may: boolean }>(`
    SELECT CASE WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname = 'countersign')
      THEN (SELECT pg_has_role(current_user, nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'countersign')
      ELSE has_database_privilege(current_user, current_database(), 'CREATE') END AS may`);
  return found?.may === true;
}

function newer(url: string, version: number): AppError {
  return new AppError('environment', `${url} holds tables of version ${version}, which a newer Countersign made; this one knows ${POSTGRES_MIGRATIONS.length}.`, { hint: 'Update this console.', details: { url } });
}
