package org.ownprint

/**
 * What a build can do.
 *
 * @property hashes the perceptual hashes
 * @property digests the digests
 * @property formats the file formats that are recognised
 * @property defaults the names of what is computed unless told otherwise
 */
public data class Capabilities(
    val hashes: List<HashAlgorithm>,
    val digests: List<DigestAlgorithm>,
    val formats: List<FileFormat>,
    val defaults: List<String>,
)

/**
 * What is known of a perceptual hash before it runs.
 *
 * @property name the stable name
 * @property bits bits a hash
 * @property hashes hashes an image; nothing where the image decides
 * @property threshold the distance up to which two hashes are taken for the same image
 * @property reference the implementation that this equals bit for bit
 */
public data class HashAlgorithm(
    val name: String,
    val bits: Int,
    val hashes: Int?,
    val threshold: Int,
    val reference: String,
)

/**
 * What is known of a digest.
 *
 * @property name the stable name
 * @property bits bits a digest
 */
public data class DigestAlgorithm(val name: String, val bits: Int)

/**
 * A file format that is recognised.
 *
 * @property name the stable name
 * @property decoded whether this build decodes it
 */
public data class FileFormat(val name: String, val decoded: Boolean)
