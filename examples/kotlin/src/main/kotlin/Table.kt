// The fingerprints of a folder's images, as a table: `java -cp 'target/*:target/libraries/*' TableKt FOLDER`.

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isRegularFile
import kotlin.io.path.name
import kotlin.system.exitProcess
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.ownprint.Fingerprint
import org.ownprint.FileResult
import org.ownprint.Options
import org.ownprint.Ownprint
import org.ownprint.fingerprintAll

fun main(arguments: Array<String>) {
    val folder = arguments.singleOrNull() ?: run {
        System.err.println("usage: TableKt FOLDER")
        exitProcess(2)
    }
    val results = runBlocking { fingerprints(Path.of(folder)) }
    println(line("file", "size", "quality", "pdq"))
    for (result in results) println(result.fingerprint?.let { row(result.source.name, it) } ?: failure(result))
    exitProcess(if (results.all { it.fingerprint != null }) 0 else 1)
}

/** Several files at a time, shown in the order of their names. */
private suspend fun fingerprints(folder: Path): List<FileResult<Path>> {
    val files = Files.list(folder).use { paths -> paths.filter { it.isRegularFile() }.sorted().toList() }
    return Ownprint(Options(algorithms = listOf("pdq"))).use { ownprint ->
        ownprint.fingerprintAll(files).toList().sortedBy { it.index }
    }
}

/** A hash is never shown without its quality: below 50, exchanges discard it. */
private fun row(name: String, fingerprint: Fingerprint): String {
    val image = fingerprint.image
    val pdq = fingerprint.hash("pdq")
    return line(name, image?.let { "${it.width}x${it.height}" } ?: "-", pdq?.quality?.toString() ?: "-", pdq?.hex ?: "-")
}

private fun failure(result: FileResult<Path>) = "${result.source.name.padEnd(28)} ${result.error?.message}"

private fun line(name: String, size: String, quality: String, hash: String) =
    "${name.padEnd(28)} ${size.padStart(11)} ${quality.padStart(7)}  $hash"
