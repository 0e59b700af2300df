"""The database's own copy of the state machine of `practices/workflow.py` (a test compares the two).

A dossier changes state only along these pairs, one step at a time, and not without the row of history that says
who did it; rows of history stay as they were written.
"""

from django.db import migrations

PAIRS = (
    ("concept", "ingediend"),
    ("aanvulling-gevraagd", "ingediend"),
    ("ingediend", "concept"),
    ("ingediend", "in-redactie"),
    ("in-redactie", "ingediend"),
    ("in-redactie", "aanvulling-gevraagd"),
    ("aanvulling-gevraagd", "in-redactie"),
    ("in-redactie", "gepubliceerd"),
    ("in-redactie", "gearchiveerd"),
    ("gepubliceerd", "te-bevestigen"),
    ("te-bevestigen", "gepubliceerd"),
    ("gepubliceerd", "concept"),
    ("te-bevestigen", "concept"),
    ("concept", "gepubliceerd"),
    ("concept", "te-bevestigen"),
    ("gepubliceerd", "gearchiveerd"),
    ("te-bevestigen", "gearchiveerd"),
    ("gearchiveerd", "in-redactie"),
    ("gearchiveerd", "gepubliceerd"),
)

_PAIRS_SQL = ", ".join(f"('{source}', '{target}')" for source, target in PAIRS)

GUARD = f"""
CREATE FUNCTION practices_guard_dossier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.step_count <> 0
       OR NOT (NEW.state = 'concept' AND NEW.practice_id IS NULL
               OR NEW.state = 'te-bevestigen' AND NEW.practice_id IS NOT NULL) THEN
      RAISE check_violation USING MESSAGE = 'a dossier begins as a draft, or with a practice to confirm';
    END IF;
  ELSIF NEW.state <> OLD.state THEN
    IF NEW.step_count <> OLD.step_count + 1 THEN
      RAISE check_violation USING MESSAGE = 'a dossier takes one step at a time';
    END IF;
    IF (OLD.state, NEW.state) NOT IN ({_PAIRS_SQL}) THEN
      RAISE check_violation USING MESSAGE = format('no step leads from %s to %s', OLD.state, NEW.state);
    END IF;
  ELSIF NEW.step_count <> OLD.step_count THEN
    RAISE check_violation USING MESSAGE = 'a step without another state';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER guard_dossier BEFORE INSERT OR UPDATE OF state, step_count, practice_id ON practices_dossier
FOR EACH ROW EXECUTE FUNCTION practices_guard_dossier();

CREATE FUNCTION practices_guard_dossier_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM practices_dossier WHERE id = NEW.id) AND NOT EXISTS (
    SELECT 1 FROM practices_dossierstep step
    WHERE step.dossier_id = NEW.id AND step.number = NEW.step_count
      AND step.from_state = OLD.state AND step.to_state = NEW.state
  ) THEN
    RAISE check_violation USING MESSAGE = 'a dossier moved without a row of history';
  END IF;
  RETURN NULL;
END $$;

-- At the end of the transaction: within it, either may be written first.
CREATE CONSTRAINT TRIGGER guard_dossier_history AFTER UPDATE ON practices_dossier
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION practices_guard_dossier_history();

CREATE FUNCTION practices_guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  taken integer;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    -- A deleted account leaves its steps without a name.
    IF NOT (NEW.user_id IS NULL AND
            ROW(NEW.id, NEW.dossier_id, NEW.number, NEW.verb, NEW.from_state, NEW.to_state, NEW.actor, NEW.at,
                NEW.note, NEW.points)
            IS NOT DISTINCT FROM
            ROW(OLD.id, OLD.dossier_id, OLD.number, OLD.verb, OLD.from_state, OLD.to_state, OLD.actor, OLD.at,
                OLD.note, OLD.points)) THEN
      RAISE check_violation USING MESSAGE = 'a row of history stays as it was written';
    END IF;
    RETURN NULL;
  END IF;
  SELECT step_count INTO taken FROM practices_dossier
  WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.dossier_id ELSE NEW.dossier_id END;
  IF TG_OP = 'DELETE' THEN
    IF FOUND THEN
      RAISE check_violation USING MESSAGE = 'history goes only with its dossier';
    END IF;
  ELSIF NEW.number > taken THEN
    RAISE check_violation USING MESSAGE = 'a row of history for a step that was not taken';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER guard_step AFTER INSERT OR UPDATE OR DELETE ON practices_dossierstep
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION practices_guard_step();
"""

UNDO = """
DROP TRIGGER guard_step ON practices_dossierstep;
DROP FUNCTION practices_guard_step;
DROP TRIGGER guard_dossier_history ON practices_dossier;
DROP FUNCTION practices_guard_dossier_history;
DROP TRIGGER guard_dossier ON practices_dossier;
DROP FUNCTION practices_guard_dossier;
"""


class Migration(migrations.Migration):
    dependencies = [("practices", "0005_dossiers")]

    operations = [migrations.RunSQL(GUARD, UNDO)]
