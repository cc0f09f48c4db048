package chase.daemon.batchsize;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteZeusRoutesTest extends ZeusRoutesContract {
  @TempDir Path directory;

  @Override
  StudyDatabase storage() {
    return StudyDatabase.sqlite(directory.resolve("batch-sizes.db"));
  }
}
