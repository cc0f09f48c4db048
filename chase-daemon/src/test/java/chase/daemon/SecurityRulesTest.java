package chase.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.beans.XMLDecoder;
import java.io.ObjectInputStream;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.Constructor;

/** What docs/security.md says that few or no classes do. */
@AnalyzeClasses(packages = "chase", importOptions = ArchitectureTest.MainCode.class)
class SecurityRulesTest {
  @ArchTest
  static final ArchRule fewMayWriteALimit =
      noClasses()
          .that(not(nameMatching(".*\\.(GpuOperations|GpuRestorer|MeteredGpus|NvmlGpu)(\\$.*)?")))
          .should()
          .callMethodWhere(target(name("limitPower")));

  @ArchTest
  static final ArchRule fewMayCallASetterOfTheDriver =
      noClasses()
          .that(not(nameMatching(".*\\.(NvmlDevice|NvmlSettings)(\\$.*)?")))
          .should()
          .callMethodWhere(target(nameMatching("nvmlDevice(Set|Reset).*")));

  /** A document that names a type, or a command, makes nothing but an error. */
  @ArchTest
  static final ArchRule inputNamesNoTypes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(
              ObjectInputStream.class, XMLDecoder.class, JsonTypeInfo.class, Constructor.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("javax.naming..", "java.rmi..", "javax.script..")
          .orShould()
          .callMethod(Class.class, "forName", String.class)
          .orShould()
          .callConstructor(Yaml.class)
          .orShould()
          .callMethodWhere(target(nameMatching(".*DefaultTyping.*")));
}
