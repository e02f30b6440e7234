import { ApiPropertyOptional } from '@nestjs/swagger';
import { exceptionCodes } from '@attain/contracts';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsOptional, IsString, Length, ValidateNested } from 'class-validator';
import { MayStateReason, MustStateReason } from '@attain/service';

const yesOrNo = ['true', 'false', 'yes', 'no'] as const;

export class CloseQuestion {
  @ApiPropertyOptional({
    enum: yesOrNo,
    default: 'false',
    description: 'Close nothing: list what would close, statements, totals, differences and exceptions.',
  })
  @IsOptional()
  @IsIn(yesOrNo)
  dryRun?: (typeof yesOrNo)[number];
}

/** A key that is absent matches every exception. */
export class MeantException {
  @ApiPropertyOptional({ enum: exceptionCodes })
  @IsOptional()
  @IsIn(exceptionCodes)
  code?: (typeof exceptionCodes)[number];

  @ApiPropertyOptional({ example: '2017-03' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  period?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  participant?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  plan?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @Length(1, 200)
  component?: string;

  @ApiPropertyOptional({ description: 'The source of the record.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  source?: string;

  @ApiPropertyOptional({ description: 'The id of the record.' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  record?: string;
}

export class AcceptBody {
  @MustStateReason(
    'Why it is right to close although these are open.',
    'Joined in March; the quota begins with the next quarter',
  )
  reason!: string;

  @ApiPropertyOptional({ type: [MeantException], description: 'Which ones; default every open exception.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => MeantException)
  exceptions?: MeantException[];
}

export class CloseBody {
  @MayStateReason('Why it is closed.')
  reason?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Every period that this closes; required if it closes more than one.',
    example: ['2017-02', '2017-03'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsString({ each: true })
  closes?: string[];

  @ApiPropertyOptional({ type: AcceptBody, description: 'Exceptions that whoever closes takes over.' })
  @IsOptional()
  @ValidateNested()
  @Type(() => AcceptBody)
  accept?: AcceptBody;
}
