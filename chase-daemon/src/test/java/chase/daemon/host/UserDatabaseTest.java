package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserDatabaseTest {
  @Test
  void aUserAndAGroupOfThisHostAreFoundByName() throws IOException {
    assertThat(UserDatabase.SYSTEM.user("root")).contains(0L);
    for (String line : Files.readAllLines(Path.of("/etc/group"))) {
      String[] fields = line.split(":", -1);
      assertThat(UserDatabase.SYSTEM.group(fields[0])).contains(Long.valueOf(fields[2]));
    }
  }

  @Test
  void aNameThatNobodyHasHasNoNumber() {
    assertThat(UserDatabase.SYSTEM.user("no-such-user")).isEmpty();
    assertThat(UserDatabase.SYSTEM.group("no-such-group")).isEmpty();
  }
}
