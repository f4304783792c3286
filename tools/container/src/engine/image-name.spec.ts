import { describe, expect, it } from '@jest/globals';
import { imageName } from './image-facts.ts';

describe('imageName', () => {
  it.each([
    ['mine', 'mine:latest'],
    ['mine:v1', 'mine:v1'],
    ['team/my-model', 'team/my-model:latest'],
    ['localhost:5000/my__model', 'localhost:5000/my__model:latest'],
    ['localhost:5000/a/b.c:V_1', 'localhost:5000/a/b.c:V_1'],
    ['hecktor-task1:latest', 'hecktor-task1:latest'],
  ])('%s is %s', (given, name) => expect(imageName(given)).toBe(name));

  it.each(['Mine', 'my model', '', ':v1', 'a:', 'a:b:c', '-a', 'a//b', 'größe', 'a;b', '--all'])(
    'refuses "%s"',
    (given) => {
      expect(() => imageName(given)).toThrow(
        expect.objectContaining({
          code: 'OPTION_INVALID',
          message: expect.stringContaining('--tag'),
        }),
      );
    },
  );
});
