/* An object that the assembler marks with the processor that it was told. */
    .text
    nop
