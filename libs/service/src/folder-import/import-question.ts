import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

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

/** Of rows that a folder says. */
export class RowsQuestion {
  @ApiPropertyOptional({ description: 'The import of a company folder that the rows are a part of; a new one when absent.' })
  @IsOptional()
  @IsUUID()
  import?: string;

  @ApiPropertyOptional({ enum: ['yes', 'no'], default: 'no', description: 'The rows are all there is: what they do not name is retracted.' })
  @IsOptional()
  @IsIn(['yes', 'no'])
  complete?: 'yes' | 'no';

  @ApiPropertyOptional({ enum: ['yes', 'no'], default: 'no', description: 'Overwrite what somebody entered by hand, too; else it is listed and kept.' })
  @IsOptional()
  @IsIn(['yes', 'no'])
  overwrite?: 'yes' | 'no';

  @ApiPropertyOptional({ description: 'Why; it stays with each event.', example: 'Folder import maven' })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  reason?: string;
}
