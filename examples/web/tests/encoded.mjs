/** Images in formats that the tests cannot encode, as base64; made with Pillow. */

/** 64 x 64, two frames. */
export const GIF = [
  "R0lGODlhQABAAIEAAAAAAP///wAAAAAAACH/C05FVFNDQVBFMi4wAwEAAAAh+QQACgAAACwAAAAAQABAAAAIzQABCBxIsKDBgwgTKlzIsKHDhxAj",
  "SpxIsaLFixgzatzIsaPHjyABBBhJMkBIiyVTjjwpUaVLlg9dyoTJUKZNmglt6sRpUKdPngR97gQqUuhQnkaP0kz6EydTpSefNmUpFSrIqjdhYp1J",
  "dSvXkF6/Xg2rsivZkmbProyqlmRatW/PxiU7N2xdr1rbLtWbF25fuXvpOgU8GC9QwYe3EhVoeDHWxUGfQi7IdHJPoZYPTs18OSXnz6BDO+Z7t2pg",
  "wmz9lpZ6GnFq1KJjy569MCAAIfkEAQoAAgAsBgAIADEAKwCBAAAA////AAAAAAAACO4ABQgcSFAAgIMIARRcKDCAw4cBGEosmLDiwYkQMzqcKNGi",
  "R4YaQ3Kk6PEjwZAoRwosyXIgypcjWcoU8LLmRJkza9pkiLOlTpgLe5Z0+VMkSaEViRbNeBQpwoJLNRJ0mvRkVIgDqSYEefXhSq0XF3b1ahCsQrFj",
  "I5YFy3XsWq0Y05o927br3Lhj70pMG0Bv3at+0eY1i9cu4b1yD/+NGhhqYraI3TZumPYrZMdu31JdvNQyXMFdsyqmnNnzZqulTTtVGrrpaZqVgxLm",
  "23F2bJ5sb9deTbqzSt6sdaoUjZOz1OHEh0ZOidx12JFGJwYEADs=",
].join("");
