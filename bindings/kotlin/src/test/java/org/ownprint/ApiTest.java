package org.ownprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jetbrains.kotlin.abi.tools.AbiFilters;
import org.jetbrains.kotlin.abi.tools.AbiTools;
import org.jetbrains.kotlin.abi.tools.AbiToolsFactory;
import org.junit.jupiter.api.Test;

/**
 * The public declarations are those of a committed report, so that a change of the API is a change
 * of that file. In Java, because the tools are compiled for a newer Kotlin than the package.
 */
class ApiTest {
    private static final Path COMMITTED = Path.of("api/ownprint.api");

    /** Returns the report of Kotlin's tools for binary compatibility. */
    private static String report() throws IOException {
        List<File> classes;
        try (var paths = Files.walk(Path.of("target/classes"))) {
            var files = paths.filter(path -> path.toString().endsWith(".class")).map(Path::toFile);
            classes = files.sorted().collect(Collectors.toList());
        }
        // The generated interface to the native library is no part of the API.
        var filters = new AbiFilters(Set.of(), Set.of("org.ownprint.ffi.**"), Set.of(), Set.of());
        AbiTools tools = ServiceLoader.load(AbiToolsFactory.class).iterator().next().get();
        var report = new StringBuilder();
        tools.printJvmDump(report, classes, filters);
        return report.toString();
    }

    @Test
    void the_public_declarations_are_those_of_the_committed_report() throws IOException {
        String report = report();
        if (System.getenv("OWNPRINT_WRITE_API") != null) {
            Files.writeString(COMMITTED, report);
        }
        // Line by line, because Git may convert the ends of lines.
        assertEquals(
            String.join("\n", Files.readAllLines(COMMITTED)),
            report.lines().collect(Collectors.joining("\n")),
            "run `cargo xtask api`, and review the difference"
        );
    }

    @Test
    void the_report_has_public_declarations_only() throws IOException {
        String report = report();
        assertTrue(report.contains("class org/ownprint/Fingerprinter "));
        assertTrue(report.contains("fun getHex ()Ljava/lang/String;"));
        for (String internal : List.of("org/ownprint/NativeBuffers", "class org/ownprint/ffi/")) {
            assertFalse(report.contains(internal), internal);
        }
    }
}
