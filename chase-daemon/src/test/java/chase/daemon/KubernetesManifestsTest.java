package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.config.ChaseConfig;
import chase.daemon.fixtures.Repository;
import chase.zeus.engine.SafetyRules;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The manifests against the fields that Kubernetes and the Prometheus Operator have, as fabric8
 * generates them from their schemas. Which fields they require, and what kustomize makes of the
 * files, is not tried: no cluster is here.
 */
class KubernetesManifestsTest {
  private static final Path FOLDER = Repository.root().resolve("config/kubernetes");
  private static final Path MONITORING = FOLDER.resolve("monitoring");

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "v1/Service", Service.class,
          "apps/v1/DaemonSet", DaemonSet.class,
          "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class);

  /** As strict as the API server: no unknown field, and no number where a text belongs. */
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              })
          .withCoercionConfigDefaults(each ->
              Stream.of(
                      CoercionInputShape.String,
                      CoercionInputShape.Float,
                      CoercionInputShape.EmptyString)
                  .forEach(shape -> each.setCoercion(shape, CoercionAction.Fail)))
          .withCoercionConfig(
              LogicalType.Textual,
              text ->
                  Stream.of(
                          CoercionInputShape.Integer,
                          CoercionInputShape.Float,
                          CoercionInputShape.Boolean)
                      .forEach(shape -> text.setCoercion(shape, CoercionAction.Fail)))
          .build();

  private static Iterable<Object> documents(String text) {
    return new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(text);
  }

  private static List<Object> objects(String text) throws JsonProcessingException {
    List<Object> objects = new ArrayList<>();
    for (Object document : documents(text)) {
      Map<?, ?> object = (Map<?, ?>) document;
      String kind = object.get("apiVersion") + "/" + object.get("kind");
      Class<?> type = KINDS.get(kind);
      assertThat(type).as(kind).isNotNull();
      objects.add(STRICT.treeToValue(STRICT.valueToTree(object), type));
    }
    return objects;
  }

  private static <T> T only(Class<T> type, Path file) throws JsonProcessingException {
    return objects(Repository.text(file)).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  private static List<Path> manifests(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.endsWith("kustomization.yaml") && !file.endsWith("chase.yaml"))
          .toList();
    }
  }

  @Test
  void kubernetesKnowsEveryField() throws Exception {
    List<Object> objects = new ArrayList<>();
    for (Path folder : List.of(FOLDER, MONITORING)) {
      for (Path file : manifests(folder)) {
        objects.addAll(objects(Repository.text(file)));
      }
    }
    assertThat(objects).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "terminationGracePeriodSeconds:, terminationGracePeriod:",
    "terminationGracePeriodSeconds: 45, terminationGracePeriodSeconds: soon",
    "hostPID: true, hostPID: always",
    "value: all, value: 1",
    "readOnlyRootFilesystem:, readOnlyRootFileSystem:",
    "maxSurge:, maxSurges:",
    "mountPath: /tmp, mounthPath: /tmp",
    "port: 9478, port: {number: 9478}",
  })
  void aMistypedFieldIsFound(String right, String wrong) {
    String text = Repository.text(FOLDER.resolve("daemonset.yaml"));
    assertThat(text).contains(right);
    assertThatThrownBy(() -> objects(text.replace(right, wrong)))
        .isInstanceOf(JsonProcessingException.class);
  }

  @Test
  void aMistypedFieldOfTheServiceMonitorIsFound() {
    String text = Repository.text(MONITORING.resolve("servicemonitor.yaml"));
    assertThatThrownBy(() -> objects(text.replace("serverName:", "servername:")))
        .hasMessageContaining("servername");
  }

  @Test
  void theConfigurationIsOneThatChaseReads() throws Exception {
    ChaseConfig plain = ChaseConfig.load(FOLDER.resolve("chase.yaml"), Map.of());
    ChaseConfig monitored = ChaseConfig.load(MONITORING.resolve("chase.yaml"), Map.of());
    assertThat(plain.mode()).isEqualTo(SafetyRules.Mode.OBSERVE);
    assertThat(monitored.mode()).isEqualTo(SafetyRules.Mode.OBSERVE);
    assertThat(monitored.access()).isEqualTo(plain.access());
    assertThat(monitored.carbon()).isEqualTo(plain.carbon());
    assertThat(monitored.metrics().host()).isEqualTo("0.0.0.0");

    List<String> mounts = mounts(FOLDER.resolve("daemonset.yaml"));
    assertThat(mounts)
        .contains(plain.stateDirectory().toString())
        .contains(String.valueOf(plain.control().socket().getParent()));
    assertThat(mounts(MONITORING.resolve("daemonset.yaml"))).containsExactly("/etc/chase-metrics");
    assertThat(Repository.text(MONITORING.resolve("chase.yaml")))
        .contains("certificate: /etc/chase-metrics/", "token-file: /etc/chase-metrics/");
  }

  private static List<String> mounts(Path file) throws Exception {
    return only(DaemonSet.class, file)
        .getSpec()
        .getTemplate()
        .getSpec()
        .getContainers()
        .getFirst()
        .getVolumeMounts()
        .stream()
        .map(VolumeMount::getMountPath)
        .toList();
  }

  @Test
  void whatIsSelectedIsWhatIsMade() throws Exception {
    DaemonSet daemons = only(DaemonSet.class, FOLDER.resolve("daemonset.yaml"));
    Service service = only(Service.class, MONITORING.resolve("servicemonitor.yaml"));
    ServiceMonitor monitor = only(ServiceMonitor.class, MONITORING.resolve("servicemonitor.yaml"));
    Map<String, String> labels = daemons.getSpec().getTemplate().getMetadata().getLabels();
    assertThat(labels).containsAllEntriesOf(daemons.getSpec().getSelector().getMatchLabels());
    assertThat(labels).containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(service.getMetadata().getLabels())
        .containsAllEntriesOf(monitor.getSpec().getSelector().getMatchLabels());
    assertThat(service.getSpec().getPorts().getFirst().getName())
        .isEqualTo(monitor.getSpec().getEndpoints().getFirst().getPort());
    assertThat(daemons.getSpec().getTemplate().getSpec().getServiceAccountName())
        .isEqualTo(
            only(ServiceAccount.class, FOLDER.resolve("namespace.yaml")).getMetadata().getName());
  }

  @Test
  void theImageHasTheVersionOfTheBuild() {
    String pom = Repository.text(Repository.root().resolve("pom.xml"));
    Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
    assertThat(version.find()).isTrue();
    assertThat(Repository.text(FOLDER.resolve("kustomization.yaml")))
        .contains("newTag: " + version.group(1) + "\n");
    assertThat(Repository.text(Repository.root().resolve("systemd/Dockerfile")))
        .contains("ARG VERSION=" + version.group(1) + "\n");
  }

  @Test
  void everyFileIsNamedByItsKustomization() throws Exception {
    for (Path folder : List.of(FOLDER, MONITORING)) {
      Map<?, ?> kustomization =
          (Map<?, ?>)
              documents(Repository.text(folder.resolve("kustomization.yaml"))).iterator().next();
      String named = kustomization.toString();
      TreeSet<String> files = new TreeSet<>(List.of("chase.yaml"));
      manifests(folder).forEach(file -> files.add(String.valueOf(file.getFileName())));
      assertThat(files).allSatisfy(file -> assertThat(named).contains(file));
    }
  }
}
