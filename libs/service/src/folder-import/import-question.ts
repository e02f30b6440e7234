import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsOptional, IsUUID } from 'class-validator';

/** Of a command that an import of a company folder carries out. */
export class ImportMark {
  @ApiPropertyOptional({ description: 'The import of a company folder that this is a part of; then nothing entered by hand is overwritten unasked.', example: '0b6a7a0e-5f0e-4f3e-9a63-1a4f8f1f2d11' })
  @IsOptional()
  @IsUUID()
  import?: string;

  @ApiPropertyOptional({ description: 'With `import`: overwrite what somebody entered by hand, too.', default: false })
  @IsOptional()
  @IsBoolean()
  overwrite?: boolean;
}
