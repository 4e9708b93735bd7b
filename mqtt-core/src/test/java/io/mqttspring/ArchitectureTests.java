package io.mqttspring;

import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Holds the arrows between the packages: {@code codec ← session ← client},
 * {@code transport ← client}, and everything Spring sees {@code client} only.
 */
@AnalyzeClasses(packages = "io.mqttspring", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String CLIENT = "io.mqttspring.client";

	private static final String CODEC = CLIENT + ".codec";

	private static final String SESSION = CLIENT + ".session";

	private static final String TRANSPORT = CLIENT + ".transport";

	/**
	 * The words of the protocol: types of {@code client} that the packages under it may
	 * use, with their nested types.
	 */
	private static final Set<String> VOCABULARY = Set.of("MqttMessage", "MqttMessageProperties", "MqttTopics",
			"MqttWill", "MqttCredentials", "MqttDropCause", "OutboundOptions", "SocketOptions", "ProxyOptions",
			"WebSocketOptions", "Require", "MqttQos", "MqttVersion", "MqttReasonCode", "MqttUserProperty",
			"MqttException", "MqttProtocolException", "MqttPublishException", "MqttSubscribeException",
			"MqttTimeoutException", "MqttQueueFullException");

	private static final DescribedPredicate<JavaClass> vocabulary = describe("belong to the protocol vocabulary",
			(type) -> type.getPackageName().equals(CLIENT) && VOCABULARY.contains(outermostSimpleName(type)));

	private static final DescribedPredicate<JavaClass> clientItself = resideInAPackage(CLIENT).and(not(vocabulary))
		.as("are in io.mqttspring.client beyond the protocol vocabulary");

	private static final DescribedPredicate<JavaAccess<?>> withoutArguments = describe("without arguments",
			(access) -> access.getTarget() instanceof CodeUnitAccessTarget target
					&& target.getRawParameterTypes().isEmpty());

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("io.mqttspring.(*)..")
		.should()
		.beFreeOfCycles()
		.allowEmptyShould(true)
		.because("a package that is part of a cycle cannot be understood alone");

	@ArchTest
	static final ArchRule codecKnowsNothingElse = noClasses().that()
		.resideInAPackage(CODEC + "..")
		.should()
		.dependOnClassesThat(clientItself.or(resideInAnyPackage(SESSION + "..", TRANSPORT + "..")))
		.allowEmptyShould(true)
		.because("bytes are turned to packets and back without knowing what the packets are for");

	@ArchTest
	static final ArchRule sessionKnowsOnlyTheCodec = noClasses().that()
		.resideInAPackage(SESSION + "..")
		.should()
		.dependOnClassesThat(clientItself.or(resideInAPackage(TRANSPORT + "..")))
		.allowEmptyShould(true)
		.because("the protocol is a state machine that is driven packet by packet, in tests and simulations too");

	@ArchTest
	static final ArchRule transportKnowsNothingElse = noClasses().that()
		.resideInAPackage(TRANSPORT + "..")
		.should()
		.dependOnClassesThat(clientItself.or(resideInAnyPackage(CODEC + "..", SESSION + "..")))
		.allowEmptyShould(true)
		.because("a transport carries bytes and knows nothing of MQTT");

	@ArchTest
	static final ArchRule vocabularyStandsAlone = classes().that(vocabulary)
		.should()
		.onlyDependOnClassesThat(vocabulary.or(resideInAnyPackage("java..", "org.jspecify..")))
		.allowEmptyShould(true)
		.because("what each package under client may use must not lead back into client");

	@ArchTest
	static final ArchRule clientNeedsNoFramework = classes().that()
		.resideInAPackage(CLIENT + "..")
		.should()
		.onlyDependOnClassesThat(
				resideInAnyPackage(CLIENT + "..", "java..", "javax.net..", "org.slf4j..", "org.jspecify.."))
		.allowEmptyShould(true)
		.because("the client works without Spring, on the JDK and the SLF4J API alone");

	@ArchTest
	static final ArchRule onlyTheClientSeesItsEngine = noClasses().that()
		.resideOutsideOfPackage(CLIENT + "..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage(CODEC + "..", SESSION + "..", TRANSPORT + "..")
		.allowEmptyShould(true)
		.because("what lies under client may change without a change in any Spring package");

	@ArchTest
	static final ArchRule sessionReadsNoClock = noClasses().that()
		.resideInAPackage(SESSION + "..")
		.should()
		.accessTargetWhere(callsTo(System.class, "nanoTime", "currentTimeMillis"))
		.orShould()
		.accessTargetWhere(callsTo(Instant.class, "now"))
		.orShould()
		.dependOnClassesThat()
		.areAssignableTo(Clock.class)
		.allowEmptyShould(true)
		.because("time comes in as an argument, so that a simulation can play any schedule again");

	@ArchTest
	static final ArchRule sessionHasNoThreadLockSocketOrLogger = noClasses().that()
		.resideInAPackage(SESSION + "..")
		.should()
		.dependOnClassesThat(assignableTo(Thread.class).or(assignableTo(Executor.class))
			.or(assignableTo(Executors.class))
			.or(resideInAnyPackage("java.util.concurrent.locks..", "java.net..", "java.nio.channels..", "org.slf4j..")))
		.allowEmptyShould(true)
		.because("its owner calls it with the connection's lock held, and it never waits");

	@ArchTest
	static final ArchRule sessionIsNotSynchronized = noMethods().that()
		.areDeclaredInClassesThat()
		.resideInAPackage(SESSION + "..")
		.should()
		.haveModifier(SYNCHRONIZED)
		.allowEmptyShould(true)
		.because("the lock is the connection's");

	@ArchTest
	static final ArchRule nobodySleeps = noClasses().should()
		.accessTargetWhere(callsTo(Thread.class, "sleep"))
		.orShould()
		.accessTargetWhere(callsTo(TimeUnit.class, "sleep"))
		.because("a wait names what it waits for: a condition, a latch or a future");

	@ArchTest
	static final ArchRule caseIsChangedWithALocale = noClasses().should()
		.accessTargetWhere(callsTo(String.class, "toLowerCase", "toUpperCase").and(withoutArguments))
		.because("the default locale may turn an 'I' into something else than an 'i'");

	private static DescribedPredicate<JavaAccess<?>> callsTo(Class<?> owner, String... names) {
		Set<String> methods = Set.of(names);
		return describe("%s.%s".formatted(owner.getSimpleName(), String.join("/", names)),
				(access) -> access.getTargetOwner().isAssignableTo(owner)
						&& methods.contains(access.getTarget().getName()));
	}

	private static String outermostSimpleName(JavaClass type) {
		JavaClass outermost = type.getBaseComponentType();
		while (outermost.getEnclosingClass().isPresent()) {
			outermost = outermost.getEnclosingClass().get();
		}
		return outermost.getSimpleName();
	}

}
