package chase.daemon.ledger;

import chase.daemon.storage.SchemaVersions;
import java.util.List;

/** The ledger's tables. Figures without a basis are null, and stay so whatever is added to them. */
final class LedgerSchema {
  static final SchemaVersions SCHEMA =
      new SchemaVersions(
          "ledger",
          List.of(
              List.of(
                  "CREATE TABLE gpu (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE,"
                      + " model TEXT NOT NULL)",
                  "CREATE TABLE job (id INTEGER PRIMARY KEY, job TEXT NOT NULL UNIQUE,"
                      + " name TEXT NOT NULL, user TEXT, labels TEXT NOT NULL,"
                      + " origin TEXT NOT NULL, gpus TEXT NOT NULL, started_ms INTEGER NOT NULL,"
                      + " seen_ms INTEGER NOT NULL, ended_ms INTEGER, policy TEXT, work TEXT,"
                      + " steps INTEGER, slowdown REAL, profile TEXT)",
                  "CREATE TABLE basis (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
                  // Job 0 is nobody: a null would make every row of its own kind.
                  "CREATE TABLE entry (id INTEGER PRIMARY KEY, hour INTEGER NOT NULL,"
                      + " gpu INTEGER NOT NULL REFERENCES gpu, job INTEGER NOT NULL,"
                      + " basis INTEGER NOT NULL REFERENCES basis, seconds REAL NOT NULL,"
                      + " joules REAL, host_joules REAL, grams REAL, host_grams REAL, money REAL,"
                      + " host_money REAL, intensity_seconds REAL, price_seconds REAL, steps REAL,"
                      + " done_seconds REAL, elapsed_seconds REAL, work_joules REAL,"
                      + " UNIQUE (hour, gpu, job, basis))",
                  "CREATE INDEX entry_of_job ON entry (job, hour)",
                  "CREATE TABLE entry_limit (entry INTEGER NOT NULL, milliwatts INTEGER NOT NULL,"
                      + " seconds REAL NOT NULL, PRIMARY KEY (entry, milliwatts)) WITHOUT ROWID",
                  "CREATE TABLE batch (id INTEGER PRIMARY KEY CHECK (id = 1),"
                      + " token TEXT NOT NULL)")));

  private LedgerSchema() {}
}
