/**
 * SQL databases: how they are opened, brought up to date and used, whether SQLite in the state
 * directory or PostgreSQL elsewhere. Knows no table.
 */
@NullMarked
package chase.daemon.storage;

import org.jspecify.annotations.NullMarked;
