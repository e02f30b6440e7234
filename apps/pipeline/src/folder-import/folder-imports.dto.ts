import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { MayStateReason } from '@attain/service';

export class FolderQuestion {
  @ApiPropertyOptional({
    description:
      'Names the import, so that a client that lost the connection can ask for it again; a new one when absent.',
    example: '0b6a7a0e-5f0e-4f3e-9a63-1a4f8f1f2d11',
  })
  @IsOptional()
  @IsUUID()
  import?: string;

  @ApiPropertyOptional({ description: 'Name of the folder, as messages show it.', example: 'maven' })
  @IsOptional()
  @Matches(/^[\p{L}\p{N}_()][\p{L}\p{N}_ .()-]{0,119}$/u, {
    message: 'expected a plain folder name of at most 120 characters',
  })
  name?: string;

  @ApiPropertyOptional({
    enum: ['yes', 'no'],
    default: 'no',
    description: 'Overwrite what somebody entered by hand, too; else it is listed and kept.',
  })
  @IsOptional()
  @IsIn(['yes', 'no'])
  overwrite?: 'yes' | 'no';

  @MayStateReason('Why; it stays with each event.', 'Spring clean')
  reason?: string;
}
