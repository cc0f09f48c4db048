package chase.daemon.batchsize;

import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSharedStudiesTest extends SharedStudiesContract {
  @RegisterExtension static final TestPostgres POSTGRES = new TestPostgres();

  @Override
  StudyDatabase storage() {
    return POSTGRES.storage();
  }
}
