import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { z } from 'zod';
import { Answers } from '../answers/answers.js';
import { feature } from '../feature.js';
import { Public } from '../route.js';
import { checkedAgent } from './checked-answers.js';
import { starting } from './started.fixture.js';

const Size = z.object({ size: z.int(), day: z.iso.date() }).meta({ id: 'Size', description: 'A size.' });
const size = { size: 1, day: '2025-01-31' };

@Controller('sizes')
class SizesController {
  @Get('right')
  @Public('a test')
  @Answers(Size)
  right(): z.infer<typeof Size> {
    return size;
  }

  @Get('more')
  @Public('a test')
  @Answers(Size)
  more(): z.infer<typeof Size> {
    return { ...size, pay: '1.00' } as z.infer<typeof Size>;
  }

  @Get('other')
  @Public('a test')
  @Answers(Size)
  other(): z.infer<typeof Size> {
    return { ...size, day: '31.01.2025' };
  }
}
@Module(feature({ controllers: [SizesController] }))
class SizesModule {}

describe('a client that checks answers', () => {
  const start = starting();

  it('takes an answer that is as its description states', async () => {
    await checkedAgent(await start({ modules: [SizesModule] }))
      .get('/sizes/right')
      .expect(200, size);
  });

  it('refuses a key more, and a value of another form', async () => {
    const client = checkedAgent(await start({ modules: [SizesModule] }));
    await expect(client.get('/sizes/more')).rejects.toThrow(
      'GET /v1/sizes/more answered 200 with what its description does not state: data must NOT have additional properties',
    );
    await expect(client.get('/sizes/other')).rejects.toThrow('data/day must match format "date"');
  });
});
