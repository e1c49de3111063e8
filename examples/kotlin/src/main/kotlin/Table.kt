// Prints the PDQ hashes of a folder's images as a table:
// `java -cp 'target/*:target/libraries/*' TableKt FOLDER`.

import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isRegularFile
import kotlin.io.path.name
import kotlin.system.exitProcess
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.ownprint.FileResult
import org.ownprint.Fingerprinter
import org.ownprint.HashAlgorithm
import org.ownprint.ImageFingerprint
import org.ownprint.Options
import org.ownprint.fingerprintAll

fun main(arguments: Array<String>) {
    val folder =
        arguments.singleOrNull()
            ?: run {
                System.err.println("usage: TableKt FOLDER")
                exitProcess(2)
            }
    val results = runBlocking { fingerprints(Path.of(folder)) }
    println(line("file", "size", "quality", "pdq"))
    for (result in results) println(line(result))
    exitProcess(if (results.all { image(it) != null }) 0 else 1)
}

/** Fingerprints several files at a time, and returns the results in the order of the names. */
private suspend fun fingerprints(folder: Path): List<FileResult<Path>> {
    val files =
        Files.list(folder).use { paths -> paths.filter { it.isRegularFile() }.sorted().toList() }
    val options = Options(hashes = listOf(HashAlgorithm.PDQ), digests = emptyList())
    return Fingerprinter(options).use { fingerprinter ->
        fingerprinter.fingerprintAll(files).toList().sortedBy { it.index }
    }
}

private fun image(result: FileResult<Path>): ImageFingerprint? =
    (result as? FileResult.Success)?.fingerprint?.image

/** A hash is always shown with its quality: exchanges discard hashes below 50. */
private fun line(result: FileResult<Path>): String {
    val image = image(result) ?: return "${result.source.name.padEnd(28)} ${reason(result)}"
    val size = "${image.info.width}x${image.info.height}"
    val pdq = image.pdq
    return line(result.source.name, size, pdq?.quality?.toString() ?: "-", pdq?.hex ?: "-")
}

/** Returns why a file has no hash. */
private fun reason(result: FileResult<Path>): String? =
    when (result) {
        is FileResult.Success -> result.fingerprint.error?.message
        is FileResult.Failure -> result.error.message
    }

private fun line(name: String, size: String, quality: String, hash: String) =
    "${name.padEnd(28)} ${size.padStart(11)} ${quality.padStart(7)}  $hash"
