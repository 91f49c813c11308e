-- An entry is written once. The only change it may see is its position, once, by the sequencer.
-- (TRUNCATE is kept away by privilege, privileges_v1.sql: a trigger would break test databases.)
CREATE FUNCTION journal_refuse_change_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse_change_v1();

-- As a WHEN, not in the function: the sequencer's own update never calls PL/pgSQL.
CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry
    FOR EACH ROW WHEN (
        OLD.position IS NOT NULL OR NEW.position IS NULL
        OR (OLD.number, OLD.transaction, OLD.at, OLD.action, OLD.subject_kind, OLD.subject_id,
            OLD.subject_version, OLD.actor, OLD.body, OLD.salt, OLD.hash)
        IS DISTINCT FROM
           (NEW.number, NEW.transaction, NEW.at, NEW.action, NEW.subject_kind, NEW.subject_id,
            NEW.subject_version, NEW.actor, NEW.body, NEW.salt, NEW.hash)
    ) EXECUTE FUNCTION journal_refuse_change_v1();
