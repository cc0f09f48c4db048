package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.host.ClassCache.CacheState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassCacheTest {
  @TempDir Path directory;

  private ClassCache cache(String cmdline, String maps) throws Exception {
    Files.writeString(directory.resolve("cmdline"), cmdline);
    Files.writeString(directory.resolve("maps"), maps);
    return ClassCache.of(directory, directory.resolve("chase-daemon.jar"));
  }

  @Test
  void aCacheThatIsNamedAndNotMappedIsVoid() throws Exception {
    String cmdline = "java\0-XX:AOTCache=/usr/lib/chase/chase.aot\0-cp\0x.jar\0";
    String map = "17001000-17956000 rw-p 00001000 fe:00 2228803      ";
    assertThat(cache(cmdline, map + "/usr/lib/chase/chase.aot\n").state())
        .isEqualTo(CacheState.IN_USE);
    assertThat(cache(cmdline, map + "/usr/lib/jvm/lib/modules\n").state())
        .isEqualTo(CacheState.VOID);
    assertThat(cache("java\0-cp\0x.jar\0", "").state()).isEqualTo(CacheState.ABSENT);
  }

  @Test
  void aCacheThatIsOlderThanTheJarIsVoid() throws Exception {
    Path aot = Files.createFile(directory.resolve("chase.aot"));
    Path jar = Files.createFile(directory.resolve("chase-daemon.jar"));
    String cmdline = "java\0-XX:AOTCache=" + aot + "\0";
    Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000));
    assertThat(cache(cmdline, aot + "\n").state()).isEqualTo(CacheState.IN_USE);
    Files.setLastModifiedTime(aot, FileTime.fromMillis(500));
    assertThat(cache(cmdline, aot + "\n").state()).isEqualTo(CacheState.VOID);
  }

  @Test
  void anInstalledHostMakesItWithItsOwnScript() throws Exception {
    assertThat(cache("java", "").recipe())
        .isEqualTo("systemd/aot.sh ./chase chase-daemon/target/chase.aot");
    Path script = Files.createFile(directory.resolve("aot.sh"));
    assertThat(cache("java", "").recipe())
        .isEqualTo("sudo " + script + " /usr/bin/chase " + directory.resolve("chase.aot"));
  }
}
